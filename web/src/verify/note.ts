/** Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), keys of logs and witnesses. */
import { bytesToHex, concatBytes, equal, fromBase64, sha256, utf8ToBytes } from "./bytes";
import { Failed } from "./failed";
import { SUITES, type Suite } from "./suite";

const KINDS = SUITES.flatMap((suite) => [{ suite, kind: "log" } as const, { suite, kind: "witness" } as const]);
const TIME_BYTES = 8;

export interface Key {
  kind: "log" | "witness";
  name: string;
  id: Uint8Array;
  key: Uint8Array;
  suite: Suite;
}

/** Reads `name+id+base64(identifier || key)`. The id is found with SHA-256 under either suite. */
export function parseKey(text: string): Key {
  const bad = () => new Failed("policy.unsuitable-key", "checkpoint");
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  const bytes = fromBase64(encoded ?? "");
  if (!name || !id || !bytes) throw bad();
  const found = KINDS.map(({ suite, kind }) => ({ suite, kind, identifier: suite.identifiers[kind] })).find(
    ({ identifier }) => equal(bytes.slice(0, identifier.length), identifier),
  );
  if (!found || bytes.length !== found.identifier.length + found.suite.keyBytes) throw bad();
  const hash = sha256(concatBytes(utf8ToBytes(`${name}\n`), bytes)).slice(0, 4);
  if (bytesToHex(hash) !== id) throw bad();
  const { suite, kind, identifier } = found;
  return { kind, name, id: hash, key: bytes.slice(identifier.length), suite };
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Uint8Array;
  /** The exact text that is signed. */
  text: string;
  signatures: { name: string; id: Uint8Array; signature: Uint8Array }[];
}

/** Reads a signed checkpoint; its signatures are not checked yet. */
export function parseCheckpoint(note: string): Checkpoint {
  const malformed = () => new Failed("receipt.malformed", "parse");
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n") || hasControl(note)) throw malformed();
  const text = note.slice(0, split + 1);
  const signatures = note
    .slice(split + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
      const bytes = fromBase64(encoded ?? "");
      if (!name || !bytes || bytes.length < 5) throw malformed();
      return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
    });
  const [origin, size, encoded, ...more] = text.slice(0, -1).split("\n");
  const root = fromBase64(encoded ?? "");
  if (!origin || !size || !/^(0|[1-9]\d{0,19})$/.test(size) || root?.length !== 32 || more.includes(""))
    throw malformed();
  return { origin, size: BigInt(size), root, text, signatures };
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a note holds none but line feeds
  return /[\u0000-\u0009\u000b-\u001f\u007f]/.test(text);
}

/** Checks that the checkpoint is of one of these logs and signed by it; gives the suite of that log. */
export function verifyCheckpoint(checkpoint: Checkpoint, logs: Key[]): Suite {
  const named = logs.filter((log) => log.name === checkpoint.origin);
  const [first] = named;
  if (!first) throw new Failed("receipt.wrong-log", "checkpoint");
  const message = utf8ToBytes(checkpoint.text);
  const checks = named.flatMap((key) =>
    linesOf(checkpoint, key).map(({ signature }) => key.suite.verify(signature, message, key.key)),
  );
  if (checks.length === 0) throw new Failed("receipt.wrong-key", "checkpoint");
  if (!checks.every(Boolean)) throw new Failed("receipt.bad-signature", "checkpoint");
  return first.suite;
}

/** Whether the witness has cosigned; a line of its key that does not match is an error. */
export function hasCosigned(checkpoint: Checkpoint, witness: Key): boolean {
  const lines = linesOf(checkpoint, witness);
  for (const { signature } of lines) {
    const time = new DataView(signature.buffer, signature.byteOffset, signature.length);
    const seconds = signature.length > TIME_BYTES ? time.getBigInt64(0) : -1n;
    const message = utf8ToBytes(`cosignature/v1\ntime ${seconds}\n${checkpoint.text}`);
    if (seconds < 0n || !witness.suite.verify(signature.slice(TIME_BYTES), message, witness.key))
      throw new Failed("receipt.bad-signature", "witnesses");
  }
  return lines.length > 0;
}

const linesOf = (checkpoint: Checkpoint, key: Key) =>
  checkpoint.signatures.filter((line) => line.name === key.name && equal(line.id, key.id));
