import { expect, it } from "vitest";
import { columnsIn, registration } from "./entry";

const given = { name: "行政许可", fields: '[{"name":"code"},{"name":"phone"}]', source: "{}" };

it("what was left out of the form is left out of the entry", () => {
  expect(registration(given)).toEqual({
    name: "行政许可",
    fields: [{ name: "code" }, { name: "phone" }],
    source: {},
    subject_key: null,
    shared_from: null,
    sensitive: [],
    important: false,
    core: false,
    entry: { volume: "", span: null, sharing: null, opening: null, quality_standard: "", low_sensitive: null },
  });
});

it("what was filled in stands where the record has it", () => {
  const { entry, ...rest } = registration({
    ...given,
    important: true,
    sensitive: ["phone"],
    shared_from: "市公安局",
    volume: "约 120 万条",
    span_from: "2020-01-01",
    sharing: "conditional",
    low_sensitive: '{"risk_basis_points":3}',
  });
  expect(rest).toMatchObject({ important: true, core: false, sensitive: ["phone"], shared_from: "市公安局" });
  expect(entry).toMatchObject({
    volume: "约 120 万条",
    span: { from: "2020-01-01", until: null },
    sharing: "conditional",
    low_sensitive: { risk_basis_points: 3 },
  });
  expect(rest).not.toHaveProperty("volume");
});

it("columns are those of the text, once it can be read", () => {
  expect(columnsIn(given.fields)).toEqual(["code", "phone"]);
  expect(columnsIn('[{"name":')).toEqual([]);
});
