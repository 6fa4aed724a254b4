import { describe, expect, it } from "vitest";
import { type Check, filled, readable, together } from "./rules";

const said = ({ validator }: Check, value: unknown) =>
  validator({}, value).then(
    () => null,
    (error: Error) => error.message,
  );

describe("what a form checks", () => {
  it("what is asked for and empty says what is missing", async () => {
    const rule = filled("请填写字段");
    for (const empty of [undefined, null, "", " \n ", []]) expect(await said(rule, empty)).toBe("请填写字段");
    for (const given of ["[]", 0, false, ["code"]]) expect(await said(rule, given)).toBeNull();
  });

  it("JSON that cannot be read says why", async () => {
    const rule = readable((reason) => `不是有效的 JSON：${reason}`);
    expect(await said(rule, '[{"name":')).toMatch(/^不是有效的 JSON：.*JSON/);
    expect(await said(rule, '[{"name": "code"}]')).toBeNull();
  });

  it("one of two that go together is not left out alone", async () => {
    let other: unknown;
    const rule = together(() => other, "须同时填写");
    expect(await said(rule, "")).toBeNull();
    other = "false";
    expect(await said(rule, " ")).toBe("须同时填写");
    expect(await said(rule, "ab")).toBeNull();
  });

  it("an empty text is not called bad JSON", async () => {
    const rule = readable((reason) => reason);
    for (const empty of [undefined, "", "  "]) expect(await said(rule, empty)).toBeNull();
  });
});
