/** Files of the signed-in party: hashed here, put there, named by their hashes. */
import { api, body, type Schemas } from "../api/client";
import { hashOf } from "./hash";

export type Kept = Schemas["File"];

/** A file that is there, and the hash by which acts name it. */
export interface Named {
  sha256: string;
  name: string;
}

/** Where a file is read. */
export const fileAddress = (sha256: string) => `/api/v1/files/${encodeURIComponent(sha256)}`;

/** Puts a file there, unless the party keeps its content already. What arrives has to be what was hashed here. */
export async function keep(file: File, known: Kept[], party: string): Promise<Named> {
  const sha256 = await hashOf(file);
  const own = known.find((kept) => kept.sha256 === sha256 && kept.by.id === party);
  if (own) return own;
  const kept = await put(file);
  if (kept.sha256 !== sha256) throw new Error(`${file.name}: ${kept.sha256} ≠ ${sha256}`);
  return kept;
}

function put(file: File): Promise<Schemas["FileResponse"]> {
  return body(
    api.POST("/api/v1/files", {
      params: { query: { name: file.name } },
      headers: { "Content-Type": "application/octet-stream" },
      // The document describes bytes as numbers; the file goes out as it is.
      body: file as unknown as number[],
      bodySerializer: (bytes: unknown) => bytes as File,
    }),
  );
}

/** A length as people read it. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let [amount, unit] = [bytes / 1024, 0];
  while (amount >= 1024 && unit < units.length - 1) [amount, unit] = [amount / 1024, unit + 1];
  return `${amount.toFixed(amount < 10 ? 1 : 0)} ${units[unit]}`;
}
