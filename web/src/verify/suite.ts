/** The two crypto suites (`docs/spec/ledger.md`, Suites): which hash, which signature. A log's key tells its suite. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { sm2, sm3 } from "sm-crypto-v2";

export interface Suite {
  /** Its name in files and on command lines. */
  name: "international" | "shangmi";
  /** The name of its hash in commitments. */
  hashName: "sha256" | "sm3";
  /** What precedes a public key in its text: a log's, a witness's. */
  identifiers: { log: Uint8Array; witness: Uint8Array };
  /** How long a public key is. */
  keyBytes: number;
  hash(bytes: Uint8Array): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean;
}

const SIGNATURE_BYTES = 64;
/** The order of the curve of GB/T 32918.5. */
const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
/** The identifier that GB/T 32918.5 gives where none is agreed. */
const SM2_ID = "1234567812345678";

export const INTERNATIONAL: Suite = {
  name: "international",
  hashName: "sha256",
  identifiers: { log: Uint8Array.of(1), witness: Uint8Array.of(4) },
  keyBytes: 32,
  hash: sha256,
  verify: verifyEd25519,
};

export const SHANGMI: Suite = {
  name: "shangmi",
  hashName: "sm3",
  identifiers: { log: named("gongshu/sm2-sm3/v1"), witness: named("gongshu/sm2-sm3-cosignature/v1") },
  keyBytes: 65,
  hash: (bytes) => hexToBytes(sm3(bytes)),
  verify: verifySm2,
};

export const SUITES = [INTERNATIONAL, SHANGMI];

/** The identifier of a kind that signed notes assign no byte to. */
function named(name: string): Uint8Array {
  return concatBytes(Uint8Array.of(0xff), utf8ToBytes(name));
}

/** RFC 8032 with small-order keys and commitments refused, as the offline verifier of the command line does. */
function verifyEd25519(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    if (signature.length !== SIGNATURE_BYTES) return false;
    if (ed25519.Point.fromBytes(signature.slice(0, 32)).isSmallOrder()) return false;
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

/** GB/T 32918.2, 7.1. The library leaves to its caller that r and s lie below the order and that the key is a point. */
function verifySm2(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  const [r, s] = [signature.slice(0, 32), signature.slice(32)].map((part) => BigInt(`0x0${bytesToHex(part)}`));
  const within = (number = 0n) => number > 0n && number < SM2_ORDER;
  if (signature.length !== SIGNATURE_BYTES || key[0] !== 4 || !within(r) || !within(s)) return false;
  try {
    const options = { hash: true, userId: SM2_ID };
    return (
      sm2.verifyPublicKey(bytesToHex(key)) &&
      sm2.doVerifySignature(message, bytesToHex(signature), bytesToHex(key), options)
    );
  } catch {
    return false;
  }
}
