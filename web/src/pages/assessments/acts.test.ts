import { expect, it } from "vitest";
import { actsOn } from "./acts";

const open = { conclusion: null, appeal: null, answer: null, failed: false };
const concluded = { ...open, conclusion: "达标" };

it("another assessor takes over until there is a conclusion", () => {
  expect(actsOn(open)).toEqual(["assessment.indicate", "assessment.conclude", "assessment.reassign"]);
  expect(actsOn(concluded)).not.toContain("assessment.reassign");
});

it("an appeal comes once, and is answered once", () => {
  expect(actsOn(concluded)).toEqual(["assessment.appeal"]);
  expect(actsOn({ ...concluded, appeal: "指标有误" })).toEqual(["assessment.answer"]);
  expect(actsOn({ ...concluded, appeal: "指标有误", answer: "维持" })).toEqual([]);
});

it("what failed is put right", () => {
  expect(actsOn({ ...concluded, failed: true })).toEqual(["assessment.appeal", "assessment.rectify"]);
});
