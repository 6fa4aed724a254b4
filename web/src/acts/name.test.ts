import { expect, it } from "vitest";
import { nameOf } from "./name";

const english = (en: string) => nameOf({ zh: "办理", en }).en;

it("an act is named by what stands before the first stop of its sentence", () => {
  expect(english("Cancels a selection; or, where the selected operator does not sign, sets it aside")).toBe(
    "Cancels a selection",
  );
  expect(english("Takes one's own application back, while applications are taken (招标投标法 29).")).toBe(
    "Takes one's own application back, while applications are taken",
  );
  expect(english("Takes a report back: it was a false alarm. Nothing more is due then.")).toBe("Takes a report back");
  expect(english("Delegates acts of one's post.")).toBe("Delegates acts of one's post");
  expect(nameOf({ zh: "取消遴选", en: "Cancels" }).zh).toBe("取消遴选");
});
