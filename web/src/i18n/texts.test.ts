import { describe, expect, it } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

type Tree = { [key: string]: string | Tree };
const leaves = (tree: Tree, path = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe("texts", () => {
  const english = new Map(leaves(en));
  for (const [key, chinese] of leaves(zh)) {
    it(`${key} says something in both languages, with the same holes`, () => {
      expect(chinese.trim()).not.toBe("");
      expect(english.get(key)?.trim()).toBeTruthy();
      expect(holes(english.get(key) ?? "")).toEqual(holes(chinese));
    });
  }
});
