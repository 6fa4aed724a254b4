/** What may be done about a registration as it stands; the server decides whether it is done. */
import type { Schemas } from "../../api/client";

type Registration = Pick<Schemas["Registration"], "status" | "applicant" | "stopped" | "steps" | "objections">;

export function actsOn(of: Registration, own: string | undefined, today: string): string[] {
  // Whoever applied takes it back until it has its code.
  const taken = of.applicant.id === own ? ["registration.withdraw"] : [];
  switch (of.status) {
    case "applied":
      return ["registration.accept", ...taken];
    case "accepted":
      return ["registration.review", ...taken];
    case "publicized":
      return [...publicized(of, today), ...taken];
    default:
      return [];
  }
}

/** Objections are heard until the publicity is over, its code comes after that; an open objection stops its clock. */
function publicized({ stopped, steps, objections }: Registration, today: string): string[] {
  const publicity = steps.find(({ step }) => step === "publicity");
  const over = !stopped && publicity !== undefined && !publicity.provisional && publicity.due < today;
  return [
    ...(over ? [] : ["registration.object"]),
    ...(objections.some(({ outcome }) => outcome === "open") ? ["registration.decide"] : []),
    ...(over ? ["registration.assign"] : []),
  ];
}
