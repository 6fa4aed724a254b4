/** What the form of an order becomes in the command. */
type Values = Record<string, unknown>;

/** Where answers may be passed on to outside the mainland. */
export const ABROAD = ["hong_kong", "macao", "elsewhere"] as const;

/** Whoever names where answers are passed on to passes them on. */
export function orderOf({ onward, onward_to, ...rest }: Values): Values {
  const places = (onward_to ?? []) as string[];
  if (onward !== true && places.length === 0) return rest;
  return { ...rest, onward: true, ...(places.length > 0 ? { onward_to: places } : {}) };
}
