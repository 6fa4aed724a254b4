import { expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { GROUPS, inGroup, standing } from "./groups";
import { proposed } from "./Steps";

const asset = (of: Partial<Schemas["ExitAsset"]>): Schemas["ExitAsset"] => ({
  id: "prd_1",
  step: "products",
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

it("a step is proposed to whose all its assets are, and to who leaves otherwise", () => {
  const operator = { id: "pty_operator", name: "运营机构" };
  const market = asset({ step: "raw_data", owner: { id: "pty_market", name: "市场监管局" } });
  const ecology = asset({ step: "raw_data", owner: { id: "pty_ecology", name: "生态环境局" } });
  expect(proposed({ operator, assets: [market, market] }, "raw_data")).toBe("pty_market");
  expect(proposed({ operator, assets: [market, ecology] }, "raw_data")).toBe("pty_operator");
  expect(proposed({ operator, assets: [market] }, "hand_over")).toBe("pty_operator");
});
