/** What waits to become looser, as the record writes it. */
import type { Schemas } from "../../api/client";

export interface Grade {
  level: number;
  release: unknown;
}

export interface Regrading {
  grades: Record<string, Grade>;
  at: string;
  reason: string;
  basis: string;
  document_sha256: string;
}

/** A column with what holds now and what is asked for. */
export interface Change {
  name: string;
  meaning: string;
  from?: Grade;
  to: Grade;
}

/** Each that waits, with its own document. */
export const regradingsOf = ({ regrading }: Pick<Schemas["Resource"], "regrading">) => regrading as Regrading[];

export const changesOf = ({ grades }: Regrading, fields: Schemas["Field"][]): Change[] =>
  Object.entries(grades).map(([name, to]) => {
    const field = fields.find((one) => one.name === name);
    return field
      ? { name, meaning: field.meaning, from: { level: field.level, release: field.release }, to }
      : { name, meaning: "", to };
  });
