import { expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { GROUPS, inGroup, standing } from "./groups";

const asset = (of: Partial<Schemas["ExitAsset"]>): Schemas["ExitAsset"] => ({
  id: "prd_1",
  class: "product",
  name: "核验",
  origin: { id: "scn_1", name: "场景" },
  outcomes: [],
  late: false,
  ...of,
});

it("every class of asset stands in one group", () => {
  const classes = ["raw_data", "product", "derived_model", "trained_model", "sealed_output", "open_subscription"];
  const assets = classes.map((of) => asset({ id: of, class: of }));
  const grouped = GROUPS.flatMap((group) => inGroup(assets, group)).map(({ id }) => id);
  expect(grouped.sort()).toEqual([...classes].sort());
});

it("what is reported or destroyed is not late any more", () => {
  expect(standing(asset({ late: true }))).toBe("late");
  expect(standing(asset({}))).toBe("waiting");
  expect(standing(asset({ destroyed_at: "2026-11-28T00:00:00Z" }))).toBe("destroyed");
  expect(standing(asset({ outcome: "licensed", evidence: "协议" }))).toBe("reported");
});
