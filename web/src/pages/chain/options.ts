/** Things on record as options of a form. */
import type { Option } from "../../acts/fields";

export const named = (items: { id: string; name: string }[] | undefined): Option[] =>
  (items ?? []).map(({ id, name }) => ({ value: id, label: name }));
export const plain = (items: string[]): Option[] => items.map((item) => ({ value: item, label: item }));

/** A day as inputs write it, so many days from now, in the district's time. */
export function day(days = 0): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(at);
}
