import { expect, it } from "vitest";
import { instantOf, localOf } from "./time";

it("a time that is typed is the time in Shanghai", () => {
  expect(instantOf("2026-11-24T10:30")).toBe("2026-11-24T02:30:00.000Z");
  expect(instantOf("")).toBe("");
});

it("an instant is shown as the time in Shanghai", () => {
  expect(localOf("2026-11-24T16:05:00Z")).toBe("2026-11-25T00:05");
  expect(localOf(instantOf("2026-01-01T00:00"))).toBe("2026-01-01T00:00");
  for (const none of ["", undefined, "gestern"]) expect(localOf(none)).toBe("");
});
