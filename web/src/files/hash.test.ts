import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { hashOf } from "./hash";

it("hashes a file of any length as others do", async () => {
  for (const length of [0, 1, 65_535, 65_536, 3_000_001]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
    expect(await hashOf(new Blob([bytes]))).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});
