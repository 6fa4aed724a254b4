import { readFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the client's types are those of the OpenAPI document; `npm run schema` writes them again", async () => {
  const document = new URL("../../../openapi.json", import.meta.url);
  const made = astToString(await openapi(document));
  const kept = readFileSync(new URL("schema.ts", import.meta.url), "utf8");
  // The command line puts a remark above what it writes.
  expect(kept.endsWith(made)).toBe(true);
});
