/** Things on record as options of a form. */
import type { Option } from "../../acts/fields";

export { day } from "../../shell/time";

export const named = (items: { id: string; name: string }[] | undefined): Option[] =>
  (items ?? []).map(({ id, name }) => ({ value: id, label: name }));
export const plain = (items: string[]): Option[] => items.map((item) => ({ value: item, label: item }));
