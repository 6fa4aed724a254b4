import { describe, expect, it } from "vitest";
import { entriesOf } from "./entries";

describe("entries", () => {
  it.each([
    ["12", [12]],
    ["12, 15-17", [12, 15, 16, 17]],
    ["3，1、2 2", [1, 2, 3]],
    ["0", [0]],
  ])("%s are named", (text, entries) => expect(entriesOf(text)).toEqual(entries));

  it.each(["", " ", "x", "5-3", "1.5", "-1", "1-99999"])("%s names none", (text) =>
    expect(entriesOf(text)).toBeUndefined(),
  );
});
