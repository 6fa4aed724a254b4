/** Trust policies (C2SP tlog-policy): logs, witnesses, and which of the witnesses are enough. */
import { Failed } from "./failed";
import { type Key, parseKey } from "./note";

const ITEMS_MAX = 256;
const POLICY_CHARACTERS_MAX = 1 << 20;
const NONE = "none";

/** A rule over the witnesses, by their place in the policy. */
type Quorum = { witness: number } | { least: number; of: Quorum[] };

export interface Policy {
  logs: Key[];
  witnesses: { name: string; key: Key }[];
  quorum: Quorum;
}

/** The policy that trusts one log and asks for no witness. */
export const onlyLog = (key: Key): Policy => ({ logs: [key], witnesses: [], quorum: { least: 0, of: [] } });

/** How many members of the quorum are met by those who signed, and how many must be. */
export function count(quorum: Quorum, signed: boolean[]): { found: number; wanted: number } {
  if ("witness" in quorum) return { found: signed[quorum.witness] ? 1 : 0, wanted: 1 };
  return { found: quorum.of.filter((member) => isMet(member, signed)).length, wanted: quorum.least };
}

export function isMet(quorum: Quorum, signed: boolean[]): boolean {
  const { found, wanted } = count(quorum, signed);
  return found >= wanted;
}

/** Reads a policy file. */
export function parsePolicy(text: string): Policy {
  if (text.length > POLICY_CHARACTERS_MAX || (text !== "" && !text.endsWith("\n"))) throw malformed();
  const reader = new Reader();
  for (const line of text.split("\n")) reader.line(line);
  return reader.policy();
}

const malformed = () => new Failed("policy.malformed", "witnesses");

class Reader {
  private readonly logs: Key[] = [];
  private readonly witnesses: Policy["witnesses"] = [];
  private readonly names = new Map<string, { quorum: Quorum; grouped: boolean }>();
  private groups = 0;
  private quorum: Quorum | undefined;

  line(line: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a policy holds none but tabs
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) throw malformed();
    const [kind, ...words] = line.split(/[ \t]/).filter((word) => word !== "");
    if (kind === undefined || kind.startsWith("#")) return;
    if (kind === "log" && (words.length === 1 || words.length === 2)) this.log(words[0] as string);
    else if (kind === "witness" && (words.length === 2 || words.length === 3))
      this.witness(words[0] as string, words[1] as string);
    else if (kind === "group" && words.length >= 2) this.group(words[0] as string, words[1] as string, words.slice(2));
    else if (kind === "quorum" && words.length === 1) this.setQuorum(words[0] as string);
    else throw malformed();
  }

  policy(): Policy {
    if (!this.quorum) throw malformed();
    return { logs: this.logs, witnesses: this.witnesses, quorum: this.quorum };
  }

  private log(text: string): void {
    const key = keyOf(text, "log");
    if (this.logs.some((other) => sameMaterial(other, key)) || this.logs.length >= ITEMS_MAX) throw malformed();
    this.logs.push(key);
  }

  private witness(name: string, text: string): void {
    const key = keyOf(text, "witness");
    const known = this.witnesses.some((other) => sameMaterial(other.key, key));
    if (known || this.witnesses.length >= ITEMS_MAX) throw malformed();
    this.define(name, { witness: this.witnesses.length });
    this.witnesses.push({ name, key });
  }

  private group(name: string, bound: string, members: string[]): void {
    const least = bound === "any" ? 1 : bound === "all" ? members.length : decimal(bound);
    if (least === undefined || least < 1 || least > members.length || this.groups >= ITEMS_MAX) throw malformed();
    const of = members.map((member) => this.member(member));
    this.define(name, { least, of });
    this.groups += 1;
  }

  private member(name: string): Quorum {
    const named = this.names.get(name);
    if (!named || named.grouped) throw malformed();
    named.grouped = true;
    return named.quorum;
  }

  private define(name: string, quorum: Quorum): void {
    if (name === NONE || this.names.has(name)) throw malformed();
    this.names.set(name, { quorum, grouped: false });
  }

  private setQuorum(name: string): void {
    const quorum = this.names.get(name)?.quorum ?? (name === NONE ? { least: 0, of: [] } : undefined);
    if (!quorum || this.quorum) throw malformed();
    this.quorum = quorum;
  }
}

function keyOf(text: string, kind: Key["kind"]): Key {
  let key: Key;
  try {
    key = parseKey(text);
  } catch {
    throw malformed();
  }
  if (key.kind !== kind) throw malformed();
  return key;
}

const sameMaterial = (a: Key, b: Key) => a.key.every((byte, at) => byte === b.key[at]);

const decimal = (text: string) => (/^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined);
