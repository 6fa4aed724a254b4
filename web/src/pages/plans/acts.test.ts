import { expect, it } from "vitest";
import { actsOn } from "./acts";

const panel = { leader: "甲", experts: [] };

it("a panel is formed once, and then replaced, until the review is concluded", () => {
  expect(actsOn({ state: "under_review", panel: null })).toContain("plan.panel");
  expect(actsOn({ state: "under_review", panel: null })).not.toContain("plan.reseat");
  expect(actsOn({ state: "under_review", panel })).toContain("plan.reseat");
  expect(actsOn({ state: "under_review", panel })).not.toContain("plan.panel");
  expect(actsOn({ state: "concluded", panel })).toEqual(["plan.decide"]);
});

it("a decided plan is published, and a public one is left alone", () => {
  expect(actsOn({ state: "decided", panel })).toEqual(["plan.publish"]);
  expect(actsOn({ state: "published", panel })).toEqual([]);
});
