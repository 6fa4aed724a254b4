/** What may be done about a selection as it stands; the server decides whether it is done. */
import type { Schemas } from "../../api/client";

type Selection = Pick<Schemas["Selection"], "selected" | "failed" | "panel" | "applicants" | "term">;

/** What is done while it is under way, in its order. */
const UNDER_WAY = [
  "selection.apply",
  "selection.qualify",
  "selection.panel",
  "selection.score",
  "selection.publicize",
  "selection.object",
  "selection.resolve",
  "selection.confirm",
  "selection.fail",
];

export function actsOn(selection: Selection, own: string | undefined, today: string): string[] {
  const { selected, failed, panel, applicants, term } = selection;
  if (failed) return [];
  // A winner who does not sign gives way to the next candidate, or the selection is cancelled.
  if (selected) return ["selection.cancel"];
  const seated = panel.length > 0;
  const scored = applicants.some(({ total }) => total != null);
  const leaves = !seated && today <= term.until && applicants.some(({ party }) => party.id === own);
  return [
    ...UNDER_WAY,
    ...(seated && !scored ? ["selection.reseat"] : []),
    ...(leaves ? ["selection.withdraw"] : []),
    "selection.cancel",
  ];
}
