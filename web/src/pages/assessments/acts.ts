/** What may be done about an assessment as it stands; the server decides whether it is done. */
import type { Schemas } from "../../api/client";

type Assessment = Pick<Schemas["Assessment"], "conclusion" | "appeal" | "answer" | "failed">;

export function actsOn({ conclusion, appeal, answer, failed }: Assessment): string[] {
  // Another assessor takes over what is not concluded.
  if (conclusion == null) return ["assessment.indicate", "assessment.conclude", "assessment.reassign"];
  return [
    ...(appeal == null ? ["assessment.appeal"] : []),
    ...(appeal != null && answer == null ? ["assessment.answer"] : []),
    ...(failed ? ["assessment.rectify"] : []),
  ];
}
