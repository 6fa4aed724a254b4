/**
 * The offline verifier in the browser: a receipt or an answer file, the log's key, and nothing else. It checks what
 * `docs/spec/ledger.md` lists, in that order, and names the first failure by the same code as `gongshu verify`.
 */
import { bytesToHex, concatBytes, equal, fromBase64, hashLeaf, hexToBytes, rootOf, toText, utf8ToBytes } from "./bytes";
import { Failed, type StepId, type Text } from "./failed";
import { canonical, type Json, parseJson, sameJson } from "./json";
import { type Checkpoint, hasCosigned, parseCheckpoint, parseKey, verifyCheckpoint } from "./note";
import { isMet, onlyLog, type Policy, parsePolicy } from "./policy";
import type { Suite } from "./suite";

export type { StepId, Text };
export type Verdict =
  | {
      ok: true;
      index: string;
      size: string;
      origin: string;
      suite: Suite["name"];
      entry: string;
      /** The witnesses of the policy that have cosigned. */
      witnesses: string[];
      passed: StepId[];
    }
  | { ok: false; code: string; message: Text; failed: StepId; passed: StepId[] };

/** Longest text that is checked. */
export const TEXT_CHARACTERS_MAX = 64 << 20;
const HEADER = "c2sp.org/tlog-proof@v1";
const PROOF_HASHES_MAX = 64;

interface Receipt {
  entry: Uint8Array | undefined;
  index: bigint;
  proof: Uint8Array[];
  checkpoint: Checkpoint;
}

/** Whom the reader trusts: the log's key, a policy file, or both; with a key, the policy's logs are not looked at. */
export interface Trust {
  key?: string | undefined;
  policy?: string | undefined;
}

/** Checks an answer file or a bare receipt, whichever the text is. */
export function verify(text: string, trust: Trust): Verdict {
  const passed: StepId[] = [];
  try {
    if (text.length > TEXT_CHARACTERS_MAX) throw new Failed("answer.too-large", "parse");
    const policy = policyOf(trust);
    return text.startsWith(HEADER) ? receiptAlone(text, policy, passed) : answerFile(text, policy, passed);
  } catch (error) {
    const failure = error instanceof Failed ? error : new Failed("answer.malformed", "parse");
    return { ok: false, code: failure.code, message: failure.text, failed: failure.step, passed };
  }
}

function policyOf({ key, policy }: Trust): Policy {
  const given = policy ? parsePolicy(policy) : undefined;
  if (!key && given?.logs.length) return given;
  const log = parseKey(key ?? "");
  if (log.kind !== "log") throw new Failed("policy.unsuitable-key", "checkpoint");
  return given ? { ...given, logs: [log] } : onlyLog(log);
}

function receiptAlone(text: string, policy: Policy, passed: StepId[]): Verdict {
  const receipt = parseReceipt(text);
  passed.push("parse");
  return verdict(receipt, proved(receipt, policy, passed), passed);
}

function answerFile(text: string, policy: Policy, passed: StepId[]): Verdict {
  const file = parseFile(text);
  const receipt = parseReceipt(file.proof);
  passed.push("parse");
  const proof = proved(receipt, policy, passed);
  checkOpenings(file.openings, proof.entry, proof.suite);
  passed.push("openings");
  checkAnswer(file);
  passed.push("answer");
  return verdict(receipt, proof, passed);
}

/** A proven entry, and the witnesses under it. */
interface Proof {
  entry: Uint8Array;
  suite: Suite;
  witnesses: string[];
}

function verdict({ index, checkpoint }: Receipt, { entry, suite, witnesses }: Proof, passed: StepId[]): Verdict {
  const shown = toText(entry) ?? bytesToHex(entry);
  const { origin, size } = checkpoint;
  return { ok: true, index: `${index}`, size: `${size}`, origin, suite: suite.name, entry: shown, witnesses, passed };
}

/** Reads a `tlog-proof` text. */
function parseReceipt(text: string): Receipt {
  const malformed = () => new Failed("receipt.malformed", "parse");
  const split = text.indexOf("\n\n");
  if (split < 0) throw malformed();
  const [header, ...lines] = text.slice(0, split).split("\n");
  if (header !== HEADER) throw malformed();
  let entry: Uint8Array | undefined;
  if (lines[0]?.startsWith("extra ")) {
    entry = fromBase64(lines.shift()?.slice(6) ?? "");
    if (!entry) throw malformed();
  }
  const [, index] = /^index (0|[1-9]\d{0,19})$/.exec(lines.shift() ?? "") ?? [];
  if (index === undefined || lines.length > PROOF_HASHES_MAX) throw malformed();
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw malformed();
    return hash;
  });
  return { entry, index: BigInt(index), proof, checkpoint: parseCheckpoint(text.slice(split + 2)) };
}

/** The entry, once it is proved to be in a log of the policy, with enough of its witnesses. */
function proved(receipt: Receipt, policy: Policy, passed: StepId[]): Proof {
  const { entry, index, proof, checkpoint } = receipt;
  if (!entry) throw new Failed("receipt.no-entry", "inclusion");
  const suite = verifyCheckpoint(checkpoint, policy.logs);
  passed.push("checkpoint");
  const signed = policy.witnesses.map((witness) => hasCosigned(checkpoint, witness.key));
  if (!isMet(policy.quorum, signed)) throw new Failed("receipt.too-few-witnesses", "witnesses");
  if (policy.witnesses.length > 0) passed.push("witnesses");
  if (index >= checkpoint.size) throw new Failed("receipt.index-outside-log", "inclusion");
  const root = rootOf(suite.hash, hashLeaf(suite.hash, entry), index, checkpoint.size, proof);
  if (!root || !equal(root, checkpoint.root)) throw new Failed("receipt.proof-mismatch", "inclusion");
  passed.push("inclusion");
  return { entry, suite, witnesses: policy.witnesses.filter((_, at) => signed[at]).map(({ name }) => name) };
}

interface AnswerFile {
  answer: Json | undefined;
  proof: string;
  openings: { name: string; salt: Uint8Array; value: string }[];
}

function parseFile(text: string): AnswerFile {
  const malformed = () => new Failed("answer.malformed", "parse");
  const root = parseJson(text, (key, depth) => {
    if (depth === 1 && (key === "answer" || key === "receipt")) throw malformed();
  });
  const receipt = root instanceof Map ? root.get("receipt") : undefined;
  if (!(root instanceof Map) || !(receipt instanceof Map)) throw malformed();
  const [proof, openings] = [receipt.get("proof"), receipt.get("openings") ?? new Map<string, Json>()];
  if (typeof proof !== "string" || !(openings instanceof Map)) throw malformed();
  const read = [...openings].map(([name, opening]) => {
    const [salt, value] = opening instanceof Map ? [opening.get("salt"), opening.get("value")] : [];
    if (typeof salt !== "string" || !/^[0-9a-f]{32}$/.test(salt) || typeof value !== "string") throw malformed();
    return { name, salt: hexToBytes(salt), value };
  });
  read.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { answer: root.get("answer"), proof, openings: read };
}

function checkOpenings(openings: AnswerFile["openings"], entry: Uint8Array, suite: Suite): void {
  const commitments = commitmentsOf(entry);
  for (const { name, salt, value } of openings) {
    const commitment = commitments.get(name);
    if (commitment === undefined) throw new Failed("answer.unknown-commitment", "openings");
    const text = concatBytes(utf8ToBytes("gongshu/commit/v1"), Uint8Array.of(0), salt, utf8ToBytes(value));
    const opened = `${suite.hashName}:${bytesToHex(suite.hash(text))}`;
    if (commitment !== opened) throw new Failed("answer.commitment-mismatch", "openings");
  }
}

function commitmentsOf(entry: Uint8Array): Map<string, Json> {
  const malformed = () => new Failed("answer.entry-malformed", "openings");
  const text = toText(entry);
  let leaf: Json;
  try {
    leaf = parseJson(text ?? "");
  } catch {
    throw malformed();
  }
  if (!(leaf instanceof Map) || canonical(leaf) !== text) throw malformed();
  const commitments = leaf.get("commitments") ?? new Map<string, Json>();
  if (!(commitments instanceof Map)) throw malformed();
  return commitments;
}

function checkAnswer({ answer, openings }: AnswerFile): void {
  const opening = openings.find(({ name }) => name === "answer");
  if (answer === undefined && !opening) return;
  if (!opening) throw new Failed("answer.not-opened", "answer");
  if (answer === undefined) throw new Failed("answer.missing", "answer");
  let committed: Json;
  try {
    committed = parseJson(opening.value);
  } catch {
    throw new Failed("answer.altered", "answer");
  }
  if (!sameJson(committed, answer)) throw new Failed("answer.altered", "answer");
}
