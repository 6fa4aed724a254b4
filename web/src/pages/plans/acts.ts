/** What may be done about a plan as it stands; the server decides whether it is done. */
import type { Schemas } from "../../api/client";

export function actsOn({ state, panel }: Pick<Schemas["Plan"], "state" | "panel">): string[] {
  switch (state) {
    case "under_review":
      return [
        "plan.revise",
        // A panel that is there is replaced by another until the review is concluded.
        panel ? "plan.reseat" : "plan.panel",
        "plan.comment",
        "plan.opinion",
        "plan.answer",
        "plan.conclude",
      ];
    case "concluded":
      return ["plan.decide"];
    case "decided":
      return ["plan.publish"];
    default:
      return [];
  }
}
