/** What the report of a step says of its assets, from what its form holds. */
import { isBlank } from "../../acts/rules";
import type { Schemas } from "../../api/client";

type Asset = Pick<Schemas["ExitAsset"], "id" | "outcomes">;
type Values = Record<string, unknown>;

/** A model that is kept comes with an assessment that it reveals no raw data; one that is destroyed has none. */
export const isKept = ({ outcomes }: Asset) => outcomes.some((it) => it === "handed_over" || it === "licensed");

export function reportOf(assets: Asset[], values: Values) {
  return assets.map(({ id }) => ({
    asset: id,
    outcome: values[`outcome ${id}`],
    evidence: values[`evidence ${id}`],
    ...(isBlank(values[`successor ${id}`]) ? {} : { successor: values[`successor ${id}`] }),
    ...statement(values[`assessment ${id}`], values[`reveals ${id}`]),
  }));
}

/** A statement is a file with what it found. The form asks for the other half before it sends one of them. */
function statement(assessment: unknown, reveals: unknown) {
  if (isBlank(assessment) || isBlank(reveals)) return {};
  return { statement: { document_sha256: assessment, reveals_raw_data: reveals === "true" } };
}
