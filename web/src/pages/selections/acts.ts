/** What may be done about a selection as it stands; the server decides whether it is done. */
import type { Schemas } from "../../api/client";

type Selection = Pick<
  Schemas["Selection"],
  "selected" | "failed" | "panel" | "applicants" | "term" | "candidate" | "objections" | "cancellable"
>;

export function actsOn(selection: Selection, own: string | undefined, today: string): string[] {
  const { selected, failed, cancellable } = selection;
  if (failed) return [];
  // A winner who does not sign gives way to the next candidate, or the selection is cancelled.
  const cancel = cancellable ? ["selection.cancel"] : [];
  return selected ? cancel : [...underWay(selection, own, today), ...cancel];
}

/** What its steps ask for while it is under way. */
function underWay(
  { panel, applicants, term, candidate, objections }: Selection,
  own: string | undefined,
  today: string,
) {
  const seated = panel.length > 0;
  const scored = applicants.some(({ total }) => total != null);
  const taken = today <= term.until;
  const applied = applicants.some(({ party }) => party.id === own);
  const steps: [string, boolean][] = [
    ["selection.apply", taken && !applied],
    ["selection.withdraw", taken && applied && !seated],
    ["selection.qualify", applicants.some(({ qualified }) => qualified == null)],
    ["selection.panel", !seated && applicants.length > 0],
    ["selection.reseat", seated && !scored],
    ["selection.score", seated && applicants.some(({ qualified, total }) => qualified && total == null)],
    ["selection.publicize", scored && !candidate],
    ["selection.object", candidate != null],
    ["selection.resolve", objections.some(({ upheld }) => upheld == null)],
    ["selection.confirm", candidate != null],
    ["selection.fail", !taken],
  ];
  return steps.filter(([, offered]) => offered).map(([act]) => act);
}
