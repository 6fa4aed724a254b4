/** JSON with its numbers as they are spelled: receipts commit to exact texts, and doubles would lose digits. */

export class Numeral {
  readonly spelled: string;
  constructor(spelled: string) {
    this.spelled = spelled;
  }
}
export type Json = null | boolean | string | Numeral | Json[] | Map<string, Json>;

const DEPTH_MAX = 128;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Reads a JSON text (RFC 8259). Throws a SyntaxError that names the place. `twice` is called for a repeated key. */
export function parseJson(text: string, twice: (key: string, depth: number) => void = () => {}): Json {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`unexpected text at character ${at + 1}`);
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return fail();
    at += found[0].length;
    return found[0];
  };
  const skip = (character: string): boolean => {
    take(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const expect = (character: string) => skip(character) || fail();
  const string = (): string => {
    take(SPACE);
    const value = JSON.parse(take(STRING)) as string;
    return value.isWellFormed?.() === false ? fail() : value;
  };
  const list = (depth: number): Json[] => {
    const items: Json[] = [];
    if (skip("]")) return items;
    do items.push(value(depth));
    while (skip(","));
    expect("]");
    return items;
  };
  const object = (depth: number): Map<string, Json> => {
    const members = new Map<string, Json>();
    if (skip("}")) return members;
    do {
      const key = string();
      if (members.has(key)) twice(key, depth);
      expect(":");
      members.set(key, value(depth));
    } while (skip(","));
    expect("}");
    return members;
  };
  const word = (spelled: string, means: Json): Json => {
    if (!text.startsWith(spelled, at)) return fail();
    at += spelled.length;
    return means;
  };
  const value = (depth: number): Json => {
    if (depth >= DEPTH_MAX) return fail();
    if (skip("{")) return object(depth + 1);
    if (skip("[")) return list(depth + 1);
    switch (text[at]) {
      case '"':
        return string();
      case "t":
        return word("true", true);
      case "f":
        return word("false", false);
      case "n":
        return word("null", null);
      default:
        return new Numeral(take(NUMBER));
    }
  };
  const read = value(0);
  take(SPACE);
  return at === text.length ? read : fail();
}

/** The canonical spelling (`docs/spec/ledger.md`, Leaf), or none where the value has none. */
export function canonical(value: Json, depth = 0): string | undefined {
  if (depth > 64) return undefined;
  if (value instanceof Numeral) return canonicalInteger(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, depth + 1));
    return items.includes(undefined) ? undefined : `[${items.join(",")}]`;
  }
  if (value instanceof Map) {
    // Strings of JavaScript compare by UTF-16 code units, as the form asks.
    const keys = [...value.keys()].sort((a, b) => (a < b ? -1 : 1));
    const members = keys.map((key) => {
      const member = canonical(value.get(key) ?? null, depth + 1);
      return member === undefined ? undefined : `${JSON.stringify(key)}:${member}`;
    });
    return members.includes(undefined) ? undefined : `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

function canonicalInteger({ spelled }: Numeral): string | undefined {
  const exact = /^(0|-?[1-9]\d*)$/.test(spelled) && Number.isSafeInteger(Number(spelled));
  return exact ? spelled : undefined;
}

/** Whether two values say the same, whatever the order of keys and the spelling of numbers. */
export function sameJson(a: Json, b: Json): boolean {
  if (a instanceof Numeral && b instanceof Numeral) return sameNumber(a.spelled, b.spelled);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => sameJson(item, b[at] as Json));
  }
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameJson(value, b.get(key) as Json));
  }
  return a === b;
}

/** Integers exactly; with a fraction or exponent on either side, as doubles, and never beyond 2⁵³−1. */
function sameNumber(a: string, b: string): boolean {
  const [wholeA, wholeB] = [integer(a), integer(b)];
  if (wholeA !== undefined && wholeB !== undefined) return wholeA === wholeB;
  const whole = wholeA ?? wholeB;
  if (whole !== undefined && (whole < 0n ? -whole : whole) > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  return Number.isFinite(Number(a)) && Number(a) === Number(b);
}

/** Integers of 64 bits are exact; longer ones are doubles to every reader, and so is `-0`. */
function integer(spelled: string): bigint | undefined {
  if (!/^-?\d+$/.test(spelled) || spelled === "-0") return undefined;
  const value = BigInt(spelled);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? value : undefined;
}
