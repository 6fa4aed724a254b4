/** A state in words; colour only repeats what the word says. */
import { useTranslation } from "react-i18next";
import type { Words } from "../i18n/zh";

type Name = keyof Words["state"];
const GOOD: string[] = ["granted", "signed", "given", "in_operation", "open", "live", "listed", "in_force"];
const BAD: string[] = [
  "frozen",
  "suspended",
  "declined",
  "destroyed",
  "withdrawn",
  "closed",
  "ended",
  "over",
  "refused",
  "retracted",
  "dropped",
];

export function State({ of }: { of: unknown }) {
  const { t } = useTranslation();
  const name = typeof of === "string" ? of : String((of as { state?: string } | null)?.state ?? "waiting");
  const kind = GOOD.includes(name) ? "good" : BAD.includes(name) ? "bad" : "wait";
  return <span className={`state-${kind}`}>● {t(`state.${name as Name}`)}</span>;
}
