/** What a catalogue entry says beyond its columns, as the record writes it. */
import { isBlank } from "../../acts/rules";
import type { Schemas } from "../../api/client";

export type Terms = "unconditional" | "conditional" | "withheld";
export const TERMS: readonly Terms[] = ["unconditional", "conditional", "withheld"];

export interface Entry {
  volume?: string;
  span?: { from: string; until?: string | null } | null;
  sharing?: Terms | null;
  opening?: Terms | null;
  quality_standard?: string;
  low_sensitive?: { risk_basis_points: number; report_sha256: string } | null;
}

export interface Clearance {
  clearance: "important_data" | "shared_source";
  approval: string;
  authority: string;
  document_sha256: string;
  until?: string | null;
  withdrawn?: { at: string; reason: string; document_sha256: string } | null;
}

export const entryOf = (resource: Schemas["Resource"]) => (resource.entry ?? {}) as Entry;
export const clearancesOf = (resource: Schemas["Resource"]) => (resource.clearances ?? []) as Clearance[];

type Given = Record<string, unknown>;

const blank = (value: unknown) => (isBlank(value) ? null : value);

/** What the form's fields become in the command: the entry is one, and what was left out is said to be so. */
export function registration(given: Given): Given {
  const { volume, span_from, span_until, sharing, opening, quality_standard, low_sensitive, ...rest } = given;
  return {
    ...rest,
    subject_key: blank(rest.subject_key),
    shared_from: blank(rest.shared_from),
    sensitive: rest.sensitive ?? [],
    important: rest.important === true,
    core: rest.core === true,
    fields: JSON.parse(String(rest.fields)),
    source: JSON.parse(String(rest.source)),
    entry: {
      volume: volume ?? "",
      span: span_from ? { from: span_from, until: blank(span_until) } : null,
      sharing: blank(sharing),
      opening: blank(opening),
      quality_standard: quality_standard ?? "",
      low_sensitive: blank(low_sensitive) ? JSON.parse(String(low_sensitive)) : null,
    },
  };
}

/** Names of the columns in the form's text, as far as it can be read. */
export function columnsIn(fields: unknown): string[] {
  try {
    const read: unknown = JSON.parse(String(fields ?? "[]"));
    return Array.isArray(read) ? read.flatMap(({ name }: { name?: string }) => (name ? [name] : [])) : [];
  } catch {
    return [];
  }
}
