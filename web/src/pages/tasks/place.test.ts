import { describe, expect, it } from "vitest";
import { placeOfTask } from "./place";

const task = (act: string, id: string, resource?: string) =>
  placeOfTask({ act, subject: { kind: "", id, name: "", revision: 1, resource: resource ?? null } });

describe("where a task is done", () => {
  it("what is done on the page of its thing leads there", () => {
    expect(task("agreement.accept", "agr_1")).toEqual({ to: "/chain" });
    expect(task("exit.step", "ext_1")).toEqual({ to: "/exits" });
    expect(task("quality.close", "wko_1")).toEqual({ to: "/quality" });
    expect(task("output.review", "out_1")).toEqual({ to: "/workbench" });
    expect(task("model.review", "mdl_1")).toEqual({ to: "/develop" });
    expect(task("books.payment", "per_1", "sub_1")).toEqual({ to: "/books" });
    expect(task("revenue.settle", "rev_1")).toEqual({ to: "/books" });
    expect(task("regrading.decide", "res_1")).toEqual({ to: "/catalogue/$id", params: { id: "res_1" } });
    for (const act of ["product.list", "price.set"]) {
      expect(task(act, "prd_1")).toEqual({ to: "/market/$id", params: { id: "prd_1" } });
    }
  });

  it("a month is closed with the books, though the task is the agreement's", () => {
    expect(task("books.close", "agr_1")).toEqual({ to: "/books" });
  });

  it("anything else opens the form of its act about its things", () => {
    expect(task("incident.fulfil", "inc_1")).toEqual({
      to: "/acts",
      search: { act: "incident.fulfil", of: ["inc_1"] },
    });
    expect(task("subscription.quota", "sub_1", "res_1")).toEqual({
      to: "/acts",
      search: { act: "subscription.quota", of: ["sub_1", "res_1"] },
    });
  });

  it("what stands on no page is done by its form too", () => {
    expect(task("exit.close", "unknown_1")).toEqual({ to: "/acts", search: { act: "exit.close", of: ["unknown_1"] } });
  });
});
