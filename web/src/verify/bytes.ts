/** Bytes, their spellings and their hashes. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, concatBytes, hexToBytes, sha256, utf8ToBytes };

/** Standard base64 with padding in its one canonical spelling; none for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const binary = atob(text);
  if (btoa(binary) !== text) return undefined;
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** UTF-8 without replacement; none for what is no UTF-8. */
export function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

type Hash = (bytes: Uint8Array) => Uint8Array;

/** `HASH(0x00 || entry)` (RFC 9162, 2.1.1). */
export const hashLeaf = (hash: Hash, entry: Uint8Array) => hash(concatBytes(Uint8Array.of(0), entry));
/** `HASH(0x01 || left || right)`. */
export const hashNode = (hash: Hash, left: Uint8Array, right: Uint8Array) =>
  hash(concatBytes(Uint8Array.of(1), left, right));

/** The root that a leaf, its index and its proof lead to; none where the proof has another length (RFC 9162, 2.1.3.2). */
export function rootOf(
  hash: Hash,
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  proof: Uint8Array[],
): Uint8Array | undefined {
  let [node, last, reached] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) return undefined;
    if (node % 2n === 1n || node === last) {
      reached = hashNode(hash, sibling, reached);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      reached = hashNode(hash, reached, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n ? reached : undefined;
}
