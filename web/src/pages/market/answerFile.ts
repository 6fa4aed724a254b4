/** An answer file as it came: the exact text, and what of it is shown. */
import type { Schemas } from "../../api/client";

export interface Column {
  name: string;
  type: string;
}
export interface AnswerFile {
  /** The exact text that the receipt commits to; saved and verified, never written again. */
  text: string;
  id: string;
  fee: string;
  answer: { columns: Column[]; rows: unknown[][]; suppressed: number | null };
  receipt: Schemas["Receipt"];
}

export function readAnswer(text: string): AnswerFile {
  return { ...(JSON.parse(text) as Omit<AnswerFile, "text">), text };
}
