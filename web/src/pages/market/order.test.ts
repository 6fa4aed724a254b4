import { expect, it } from "vitest";
import { orderOf } from "./order";

const order = { purpose: "信贷审核", quota_calls_max: 100 };

it("an order that passes nothing on says nothing of it", () => {
  expect(orderOf(order)).toEqual(order);
  expect(orderOf({ ...order, onward: false, onward_to: [] })).toEqual(order);
});

it("whoever names where to passes answers on", () => {
  expect(orderOf({ ...order, onward_to: ["hong_kong"] })).toEqual({ ...order, onward: true, onward_to: ["hong_kong"] });
});

it("one that does not say where passes on anywhere", () => {
  expect(orderOf({ ...order, onward: true })).toEqual({ ...order, onward: true });
});
