/** Most entries that a form expands; the server has the limit that counts. */
const ENTRIES_MAX = 10_000;

/** The indices that a text such as `12, 15-20` names, in order and once each; none where it is no such text. */
export function entriesOf(text: string): number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split(/[,，、\s]+/).filter(Boolean)) {
    const range = /^(\d{1,15})(?:[-–](\d{1,15}))?$/.exec(part);
    if (!range) return undefined;
    const first = Number(range[1]);
    const last = range[2] === undefined ? first : Number(range[2]);
    if (last < first || last - first + found.size >= ENTRIES_MAX) return undefined;
    for (let index = first; index <= last; index += 1) found.add(index);
  }
  return found.size > 0 ? [...found].sort((a, b) => a - b) : undefined;
}
