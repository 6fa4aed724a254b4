import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verify } from ".";
import { bytesToHex, hashLeaf, hashNode, hexToBytes, rootOf, utf8ToBytes } from "./bytes";
import { canonical, parseJson, sameJson } from "./json";
import { SUITES } from "./suite";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../tests/vectors/ledger/${name}.json`, import.meta.url), "utf8"));

const outcomeOf = (text: string, key: string) => {
  const verdict = verify(text, { key });
  return verdict.ok ? null : verdict.code;
};

describe.each(["gongshu", "gongshu-shangmi"])("published vectors: %s", (name) => {
  const vectors = read(name);
  const outcome = (text: string) => outcomeOf(text, vectors.log.verifier_key);
  for (const { name, receipt, error } of vectors.receipts) {
    it(`receipt: ${name}`, () => expect(outcome(receipt)).toBe(error));
  }
  for (const { name, file, error } of vectors.answer_files) {
    it(`answer file: ${name}`, () => expect(outcome(JSON.stringify(file))).toBe(error));
  }
  for (const { value, bytes } of vectors.canonical_json) {
    it(`canonical JSON: ${bytes}`, () =>
      expect(bytesToHex(utf8ToBytes(canonical(parseJson(JSON.stringify(value))) ?? ""))).toBe(bytes));
  }
});

describe.each(["gongshu", "gongshu-shangmi"])("altered files: %s", (name) => {
  const vectors = read(name);
  const key: string = vectors.log.verifier_key;
  const outcome = (text: string) => outcomeOf(text, key);
  const good = JSON.stringify(vectors.answer_files[0].file);
  const proof: string = vectors.receipts[0].receipt;

  it("no changed character of a receipt goes unseen", () => {
    for (let at = 0; at < proof.length; at += 1) {
      const other = proof[at] === "A" ? "B" : "A";
      const altered = proof.slice(0, at) + other + proof.slice(at + 1);
      expect(outcome(altered), `character ${at}`).not.toBeNull();
    }
  }, 60_000);

  it("no cut of an answer file verifies", () => {
    for (let end = 0; end < good.length; end += 7) expect(outcome(good.slice(0, end))).not.toBeNull();
  });

  it("another key does not verify", () => {
    const other = "gongshu.example/longhua+33130663+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    expect(verify(good, { key: other })).toMatchObject({ ok: false, code: "policy.unsuitable-key" });
  });

  it("deep nesting is refused, not a crash", () => {
    expect(outcome("[".repeat(200_000))).toBe("answer.malformed");
  });

  it("every failure says what to do in both languages", () => {
    const verdict = verify("{}", { key });
    expect(verdict).toMatchObject({
      ok: false,
      message: { zh: expect.stringContaining("。"), en: expect.stringContaining(";") },
    });
  });
});

describe("trust policies", () => {
  const { cases } = read("cosigned");
  const key: string = read("gongshu").log.verifier_key;
  for (const { name, policy, receipt, error } of cases) {
    it(name, () => {
      const verdict = verify(receipt, { policy });
      expect(verdict.ok ? null : verdict.code).toBe(error);
    });
  }
  const { policy, receipt } = cases.find(({ name }: { name: string }) => name === "two of three");

  it("the witnesses that have cosigned are named", () => {
    expect(verify(receipt, { policy })).toMatchObject({ ok: true, witnesses: ["one", "three"] });
    expect(verify(receipt, { key, policy })).toMatchObject({ ok: true, passed: expect.arrayContaining(["witnesses"]) });
    expect(verify(receipt, { key })).toMatchObject({ ok: true, witnesses: [] });
  });

  it("a policy without a log needs the log's key", () => {
    const without = policy.replace(/^log .*\n/m, "");
    expect(verify(receipt, { key, policy: without })).toMatchObject({ ok: true });
    expect(verify(receipt, { policy: without })).toMatchObject({ ok: false, code: "policy.unsuitable-key" });
  });
});

describe("numbers", () => {
  const same = (a: string, b: string) => sameJson(parseJson(a), parseJson(b));
  it.each([
    ["128", "128.0", true],
    ["9007199254740993", "9007199254740992", false],
    ["9007199254740993", "9007199254740993", true],
    ["9007199254740993", "9007199254740993.0", false],
    ["0.1", "1e-1", true],
    ['{"a":1,"b":2}', '{"b":2,"a":1}', true],
    ['{"a":1}', '{"a":1,"b":null}', false],
    ["1", '"1"', false],
  ])("%s and %s: %s", (a, b, expected) => expect(same(a, b)).toBe(expected));
});

describe.each(SUITES)("tree of $name", ({ hash }) => {
  const leaves = Array.from({ length: 13 }, (_, at) => hashLeaf(hash, Uint8Array.of(at)));
  const split = (size: number) => 2 ** Math.floor(Math.log2(size - 1));
  const root = (from: number, size: number): Uint8Array => {
    if (size === 1) return leaves[from] as Uint8Array;
    const left = split(size);
    return hashNode(hash, root(from, left), root(from + left, size - left));
  };
  const prove = (index: number, from: number, size: number): Uint8Array[] => {
    if (size === 1) return [];
    const left = split(size);
    return index < left
      ? [...prove(index, from, left), root(from + left, size - left)]
      : [...prove(index - left, from + left, size - left), root(from, left)];
  };
  it("every proof of every size leads to its root, and to no other index", () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = prove(index, 0, size);
        const reached = rootOf(hash, leaves[index] as Uint8Array, BigInt(index), BigInt(size), proof);
        expect(bytesToHex(reached ?? new Uint8Array())).toBe(bytesToHex(root(0, size)));
        if (index > 0) {
          const elsewhere = rootOf(hash, leaves[index] as Uint8Array, BigInt(index - 1), BigInt(size), proof);
          expect(bytesToHex(elsewhere ?? hexToBytes("00"))).not.toBe(bytesToHex(root(0, size)));
        }
      }
    }
  });
});
