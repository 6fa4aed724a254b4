import { expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { reckoned, sizeOf, usedOf } from "./charged";

const invoice = (of: Partial<Schemas["Invoice"]>): Schemas["Invoice"] => ({
  subscription: "sub_1",
  product: { id: "prd_1", name: "企业登记核验" },
  consumer: { id: "pty_1", name: "示范银行" },
  calls: 14,
  rows: 0,
  bytes: 0,
  charging: "call",
  price_class: "industry",
  prices: [{ from: "2026-10-03", price: "1.80" }],
  standing: "0.00",
  amount: "25.20",
  credited: "0.00",
  paid: "0.00",
  refunded: "0.00",
  open: "25.20",
  shares: [],
  ...of,
});

it("so many calls of one price make the amount", () => {
  expect(usedOf(invoice({}))).toEqual({ unit: "call", count: 14 });
  expect(reckoned(invoice({}))).toEqual([{ by: "product", count: 14, price: "1.80", amount: "25.20" }]);
});

it("rows are multiplied too; what is large stays exact", () => {
  const rows = invoice({
    charging: "row",
    rows: 9_007_199_254,
    amount: "90071992.54",
    prices: [{ from: "x", price: "0.01" }],
  });
  expect(usedOf(rows)).toEqual({ unit: "row", count: 9_007_199_254 });
  expect(reckoned(rows)).toEqual([{ by: "product", count: 9_007_199_254, price: "0.01", amount: "90071992.54" }]);
});

it("where the price changed within the month, each call was charged at that of its day", () => {
  const prices = [
    { from: "2026-10-01", price: "1.80" },
    { from: "2026-10-20", price: "1.50" },
  ];
  expect(reckoned(invoice({ prices, amount: "23.70" }))).toEqual([{ by: "each", amount: "23.70" }]);
});

it("volume is told in a unit that is read, and reckoned answer by answer", () => {
  const volume = invoice({
    charging: "megabyte",
    bytes: 3_420_000,
    amount: "1.69",
    prices: [{ from: "x", price: "0.50" }],
  });
  expect(usedOf(volume)).toEqual({ unit: "megabyte", size: "3.42 MB" });
  expect(reckoned(volume)).toEqual([{ by: "each", amount: "1.69" }]);
  expect([0, 999, 1_000, 123_456, 5_000_000_000].map(sizeOf)).toEqual([
    "0 B",
    "999 B",
    "1.00 KB",
    "123.46 KB",
    "5.00 GB",
  ]);
});

it("time is charged beside the calls", () => {
  const monthly = invoice({
    charging: "month",
    standing: "300.00",
    amount: "300.00",
    prices: [{ from: "x", price: "310.00" }],
  });
  expect(usedOf(monthly)).toBeNull();
  expect(reckoned(monthly)).toEqual([{ by: "standing", amount: "300.00" }]);
});
