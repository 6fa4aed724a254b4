import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pageOf } from "./elsewhere";

it("every act with a request of its own has a page where it is done", () => {
  const source = readFileSync(new URL("../../../../crates/server/src/http/forms.rs", import.meta.url), "utf8");
  const acts = readFileSync(new URL("../../../../crates/governance/src/power/act.rs", import.meta.url), "utf8");
  const own = source.slice(source.indexOf("fn own_request")).match(/Act::(\w+)/g) ?? [];
  expect(own.length).toBeGreaterThan(10);
  for (const name of own.map((act) => act.replace("Act::", ""))) {
    const id = new RegExp(`\\b${name} = "([\\w.]+)"`).exec(acts)?.[1];
    expect(pageOf(id ?? ""), name).toBeDefined();
  }
});
