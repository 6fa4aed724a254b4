import { describe, expect, it } from "vitest";
import { about, commandOf } from "./command";
import { fieldsOf, type Schema } from "./shape";

const schema: Schema = {
  type: "object",
  properties: {
    id: { type: "string", format: "id:res" },
    provider: { type: "string", format: "id:pty", title: "数源单位", "x-title-en": "Data provider" },
    note: { type: ["string", "null"], title: "备注" },
    open: { type: "boolean" },
    fields: { type: "array", items: { $ref: "#/$defs/Field" } },
    shares: { type: "object", additionalProperties: { type: "integer", minimum: 0 } },
    source: {},
    term: { anyOf: [{ $ref: "#/$defs/Term" }, { type: "null" }] },
  },
  required: ["id", "provider", "fields"],
  $defs: {
    Term: { type: "object", properties: { from: { type: "string", format: "date" } }, required: ["from"] },
    Field: { type: "object", properties: { name: { type: "string" }, release: { $ref: "#/$defs/Rule" } } },
    Rule: {
      oneOf: [
        {
          type: "object",
          properties: { rule: { type: "string", const: "open", title: "开放", "x-title-en": "Open" } },
        },
        { type: "object", properties: { rule: { type: "string", const: "masked" }, mask: { $ref: "#/$defs/Mask" } } },
      ],
    },
    Mask: {
      oneOf: [
        { type: "string", const: "year", title: "年份" },
        { type: "object", properties: { band: { type: "object", properties: { width: { type: "integer" } } } } },
      ],
    },
  },
};

describe("the form of a command", () => {
  it("asks for each member but the id, by its name in either language", () => {
    const fields = fieldsOf(schema);
    expect(fields.map((field) => field.name)).toEqual([
      "provider",
      "note",
      "open",
      "fields",
      "shares",
      "source",
      "term",
    ]);
    expect(fields[0]).toMatchObject({
      title: { zh: "数源单位", en: "Data provider" },
      optional: false,
      shape: { kind: "text", format: "id:pty" },
    });
    expect(fields.map((field) => field.shape.kind)).toEqual([
      "text",
      "text",
      "boolean",
      "list",
      "map",
      "json",
      "object",
    ]);
  });

  it("carries what was filled in, and leaves out what was not", () => {
    const values = {
      provider: "pty_1",
      note: "",
      fields: [
        { name: "code", release: { $variant: "open" } },
        { name: "year", release: { $variant: "masked", mask: { $variant: "band", width: 10 } } },
        { name: "day", release: { $variant: "masked", mask: { $variant: "year" } } },
      ],
      shares: [{ key: "pty_2", value: 4_000 }],
      source: '{"format": "csv"}',
      term: { from: "2026-01-01" },
    };
    expect(commandOf(fieldsOf(schema), values)).toEqual({
      provider: "pty_1",
      open: false,
      fields: [
        { name: "code", release: { rule: "open" } },
        { name: "year", release: { rule: "masked", mask: { band: { width: 10 } } } },
        { name: "day", release: { rule: "masked", mask: "year" } },
      ],
      shares: { pty_2: 4_000 },
      source: { format: "csv" },
      term: { from: "2026-01-01" },
    });
  });

  it("calls a choice by its name in either language, and by its word where it has none", () => {
    const rule = fieldsOf(schema).find((field) => field.name === "fields")?.shape;
    const release = rule?.kind === "list" && rule.item.kind === "object" ? rule.item.fields[1]?.shape : undefined;
    expect(release?.kind === "variants" && release.variants.map(({ title }) => title)).toEqual([
      { zh: "开放", en: "Open" },
      { zh: "masked", en: "masked" },
    ]);
  });

  it("leaves out JSON and text of blanks alone", () => {
    expect(commandOf(fieldsOf(schema), { provider: "pty_1", source: " \n", note: " " })).toEqual({
      provider: "pty_1",
      open: false,
      fields: [],
    });
  });

  it("leaves out an optional group that nobody filled", () => {
    expect(commandOf(fieldsOf(schema), { provider: "pty_1" })).toEqual({
      provider: "pty_1",
      open: false,
      fields: [],
    });
  });

  it("leaves out an optional group whose switches nobody turned on", () => {
    const entry: Schema = {
      type: "object",
      properties: {
        days: { type: "integer" },
        basis: {
          type: "object",
          properties: {
            identifiers: { type: "boolean" },
            minors: { type: "boolean" },
            notes: { type: "array", items: { type: "string" } },
          },
          required: ["identifiers", "minors"],
        },
      },
    };
    const fields = fieldsOf(entry);
    expect(commandOf(fields, { basis: { identifiers: false, notes: [] } })).toEqual({});
    expect(commandOf(fields, { basis: { minors: true } })).toEqual({
      basis: { identifiers: false, minors: true },
    });
  });

  it("has the ids of a task in the first field of their kind", () => {
    const fields = fieldsOf(schema);
    expect(about(fields, ["pty_1", "agr_1"])).toEqual({ provider: "pty_1" });
    expect(about(fields, ["pty_1", "pty_2"])).toEqual({ provider: "pty_1" });
  });
});
