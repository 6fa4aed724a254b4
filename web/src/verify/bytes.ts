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

/** `SHA-256(0x00 || entry)` (RFC 9162, 2.1.1). */
export const hashLeaf = (entry: Uint8Array) => sha256(concatBytes(Uint8Array.of(0), entry));
/** `SHA-256(0x01 || left || right)`. */
export const hashNode = (left: Uint8Array, right: Uint8Array) => sha256(concatBytes(Uint8Array.of(1), left, right));

/** The root that a leaf, its index and its proof lead to; none where the proof has another length (RFC 9162, 2.1.3.2). */
export function rootOf(leaf: Uint8Array, index: bigint, size: bigint, proof: Uint8Array[]): Uint8Array | undefined {
  let [node, last, hash] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) return undefined;
    if (node % 2n === 1n || node === last) {
      hash = hashNode(sibling, hash);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      hash = hashNode(hash, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n ? hash : undefined;
}
