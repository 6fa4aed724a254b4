/** What a command carries, read from its JSON Schema: the few shapes that a form can ask for. */

import type { Text } from "../../api/client";

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  format?: string;
  /** What it is called in Chinese. */
  title?: string;
  /** What it is called in English. */
  "x-title-en"?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

export interface Named {
  name: string;
  /** What it is called. */
  title: Text;
  /** What it means, in English. */
  meaning: string;
  optional: boolean;
  shape: Shape;
}

export interface Choice {
  value: string;
  title: Text;
}

export interface Variant extends Choice {
  fields: Named[];
  /** `bare`: the value alone; `tag`: a member names it; `wrapped`: it is the name of the only member. */
  written: "bare" | "wrapped" | { tag: string };
}

export type Shape =
  | { kind: "text"; format: string }
  | { kind: "number"; min?: number; whole: boolean }
  | { kind: "boolean" }
  | { kind: "choice"; choices: Choice[] }
  | { kind: "object"; fields: Named[] }
  | { kind: "list"; item: Shape }
  | { kind: "map"; value: Shape }
  | { kind: "variants"; variants: Variant[] }
  /** Anything: asked for as JSON. */
  | { kind: "json" };

type Defs = Record<string, Schema>;

/** Deeper than any command; a schema that refers to itself ends as JSON. */
const DEPTH_MAX = 8;

/** The members of a command. */
export function fieldsOf(schema: Schema): Named[] {
  const defs = schema.$defs ?? {};
  const shape = shapeOf(schema, defs, 0);
  return shape.kind === "object" ? shape.fields : [];
}

function shapeOf(given: Schema, defs: Defs, depth: number): Shape {
  const schema = resolved(given, defs);
  if (depth > DEPTH_MAX) return { kind: "json" };
  if (schema.oneOf) return alternatives(schema.oneOf, defs, depth);
  if (schema.enum) return { kind: "choice", choices: schema.enum.map((value) => choice({ const: value })) };
  switch (typeOf(schema)) {
    case "string":
      return { kind: "text", format: schema.format ?? "" };
    case "integer":
    case "number":
      return {
        kind: "number",
        whole: typeOf(schema) === "integer",
        ...(schema.minimum === undefined ? {} : { min: schema.minimum }),
      };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return { kind: "list", item: shapeOf(schema.items ?? {}, defs, depth + 1) };
    case "object":
      return objectOf(schema, defs, depth);
    default:
      return { kind: "json" };
  }
}

function objectOf(schema: Schema, defs: Defs, depth: number): Shape {
  if (schema.properties) return { kind: "object", fields: members(schema, defs, depth) };
  if (typeof schema.additionalProperties === "object") {
    return { kind: "map", value: shapeOf(schema.additionalProperties, defs, depth + 1) };
  }
  return { kind: "json" };
}

function members(schema: Schema, defs: Defs, depth: number): Named[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name, member]) => !madeByServer(name, member) && member.const === undefined)
    .map(([name, member]) => ({
      name,
      title: titleOf(member, name),
      meaning: member.description ?? "",
      optional: !schema.required?.includes(name),
      shape: shapeOf(member, defs, depth + 1),
    }));
}

/** The id of a new thing is the server's to make. */
const madeByServer = (name: string, member: Schema) => name === "id" && (member.format ?? "").startsWith("id:");

function alternatives(oneOf: Schema[], defs: Defs, depth: number): Shape {
  const all = oneOf.map((one) => resolved(one, defs));
  const texts = all.flatMap((one) => (one.enum ? one.enum.map((value) => ({ const: value })) : [one]));
  if (texts.every((one) => one.const !== undefined)) return { kind: "choice", choices: texts.map(choice) };
  const variants = texts.map((one) => variantOf(one, defs, depth));
  return variants.every((one) => one !== null) ? { kind: "variants", variants } : { kind: "json" };
}

function variantOf(schema: Schema, defs: Defs, depth: number): Variant | null {
  if (schema.const !== undefined) return { ...choice(schema), fields: [], written: "bare" };
  const properties = Object.entries(schema.properties ?? {});
  const tag = properties.find(([, member]) => member.const !== undefined);
  if (tag) return { ...choice(tag[1]), fields: members(schema, defs, depth), written: { tag: tag[0] } };
  const only = properties.length === 1 ? properties[0] : undefined;
  if (!only) return null;
  const [value, inner] = only;
  const shape = shapeOf(inner, defs, depth + 1);
  if (shape.kind !== "object") return null;
  return { value, title: titleOf(inner, value), fields: shape.fields, written: "wrapped" };
}

const choice = (schema: Schema): Choice => ({
  value: String(schema.const),
  title: titleOf(schema, String(schema.const)),
});

/** What a schema is called; by its word on the wire where it does not say. */
const titleOf = ({ title = "", "x-title-en": en = "" }: Schema, word: string): Text => ({
  zh: title || word,
  en: en || word,
});

/** Follows references; a thing that may also be null is the thing. */
function resolved(schema: Schema, defs: Defs): Schema {
  const target = schema.$ref ? defs[schema.$ref.replace("#/$defs/", "")] : undefined;
  if (target) return resolved(target, defs);
  const one = schema.anyOf?.find((one) => one.type !== "null");
  return one ? resolved(one, defs) : schema;
}

const typeOf = (schema: Schema) =>
  Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;
