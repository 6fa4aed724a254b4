import { expect, it } from "vitest";
import { fen, less, sum, yuan } from "./money";

it("adds up amounts that binary fractions would not", () => {
  expect(sum(["0.10", "0.20"])).toBe("0.30");
  expect(sum(["90071992547409.93", "0.01"])).toBe("90071992547409.94");
  expect(sum([])).toBe("0.00");
});

it("keeps the sign, also of less than a yuan", () => {
  expect(yuan(fen("-0.05"))).toBe("-0.05");
  expect(less("1.26", "2.00")).toBe("-0.74");
  expect(fen("12")).toBe(1200n);
});
