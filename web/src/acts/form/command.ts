/** From what a form holds to what the command carries. */
import type { Named, Shape, Variant } from "./shape";

type Values = Record<string, unknown>;

/** Which variant of an alternative was chosen. */
export const VARIANT = "$variant";

/** The members of a command: what was left out stays out. */
export function commandOf(fields: Named[], values: Values): Values {
  const entries = fields
    .map(({ name, shape, optional }) => [name, optional ? filled(shape, values[name]) : carried(shape, values[name])])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

/** A new form of a command about these things: each id stands in the first field of its kind that is empty. */
export function about(fields: Named[], ids: readonly string[]): Values {
  const values: Values = {};
  for (const id of ids) {
    const format = `id:${id.split("_")[0]}`;
    const field = fields.find(({ name, shape }) => shape.kind === "text" && shape.format === format && !values[name]);
    if (field) values[field.name] = id;
  }
  return values;
}

/** What may be left out is left out where nothing in it was filled; a switch by itself says no. */
function filled(shape: Shape, value: unknown): unknown {
  const given = carried(shape, value);
  return shape.kind !== "boolean" && isBlank(given) ? undefined : given;
}

/** Whether nothing was filled in, however deep: switches that nobody turned on included. */
function isBlank(given: unknown): boolean {
  if (given === undefined || given === null || given === "" || given === false) return true;
  return typeof given === "object" && Object.values(given).every(isBlank);
}

function carried(shape: Shape, value: unknown): unknown {
  if (shape.kind === "boolean") return value ?? false;
  if (shape.kind === "object") return commandOf(shape.fields, (value ?? {}) as Values);
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === ""))
    return emptied(shape);
  switch (shape.kind) {
    case "text":
    case "number":
    case "choice":
      return value;
    case "list":
      return (value as unknown[]).map((item) => carried(shape.item, item));
    case "map":
      return Object.fromEntries((value as { key: string; value: unknown }[]).map((pair) => mapped(shape.value, pair)));
    case "variants":
      return variant(shape.variants, value as Values);
    case "json":
      return JSON.parse(value as string);
  }
}

/** A list or map that nobody filled is empty; anything else is left out. */
function emptied(shape: Shape): unknown {
  if (shape.kind === "list") return [];
  return shape.kind === "map" ? {} : undefined;
}

const mapped = (shape: Shape, pair: { key: string; value: unknown }) => [pair.key, carried(shape, pair.value)] as const;

function variant(variants: Variant[], value: Values): unknown {
  const chosen = variants.find((one) => one.value === value[VARIANT]);
  if (!chosen) return undefined;
  const fields = commandOf(chosen.fields, value);
  if (chosen.written === "bare") return chosen.value;
  return chosen.written === "wrapped" ? { [chosen.value]: fields } : { [chosen.written.tag]: chosen.value, ...fields };
}
