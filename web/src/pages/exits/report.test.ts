import { expect, it } from "vitest";
import { isKept, reportOf } from "./report";

const model = { id: "mdl_1", outcomes: ["destroyed", "handed_over", "licensed"] };
const given = { "outcome mdl_1": "licensed", "evidence mdl_1": "许可协议" };
const hash = "ab".repeat(32);

it("a statement goes with its file and its finding", () => {
  const [line] = reportOf([model], { ...given, "assessment mdl_1": hash, "reveals mdl_1": "false" });
  expect(line).toEqual({
    asset: "mdl_1",
    outcome: "licensed",
    evidence: "许可协议",
    statement: { document_sha256: hash, reveals_raw_data: false },
  });
  const [found] = reportOf([model], { ...given, "assessment mdl_1": hash, "reveals mdl_1": "true" });
  expect(found?.statement).toEqual({ document_sha256: hash, reveals_raw_data: true });
});

it("half a statement is none", () => {
  for (const half of [{ "assessment mdl_1": hash }, { "reveals mdl_1": "false" }, { "assessment mdl_1": " " }, {}]) {
    expect(reportOf([model], { ...given, ...half })[0]).not.toHaveProperty("statement");
  }
});

it("an order that goes on names its successor", () => {
  const order = { id: "sub_1", outcomes: ["continued"] };
  const values = { "outcome sub_1": "continued", "evidence sub_1": "续供协议", "successor sub_1": "sub_9" };
  expect(reportOf([order], values)[0]).toHaveProperty("successor", "sub_9");
  expect(reportOf([order], { ...values, "successor sub_1": "" })[0]).not.toHaveProperty("successor");
});

it("what can only be destroyed is not kept", () => {
  expect(isKept(model)).toBe(true);
  expect(isKept({ id: "mdl_2", outcomes: ["destroyed"] })).toBe(false);
});
