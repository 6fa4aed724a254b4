/** Where documents and signatures are, and how a signature goes out. */

const at = (...parts: string[]) => `/api/v1/${parts.map(encodeURIComponent).join("/")}`;

/** The text of an agreement, PDF. */
export const agreementDocument = (agreement: string) => at("agreements", agreement, "document");

/** The text as the amendment that waits will make it, PDF. */
export const amendmentDocument = (agreement: string) => at("agreements", agreement, "amendment", "document");

/** A party's signature on it, detached CMS. */
export const agreementSignature = (agreement: string, party: string) =>
  at("agreements", agreement, "signatures", party);

/** The certificate of a registration, PDF. */
export const registrationDocument = (queryCode: string) => at("register", queryCode, "document");

/** A party's statement, PDF; as a table, CSV. */
export const statementDocument = (party: string) => at("parties", party, "statement", "document");
export const statementTable = (party: string, language: string) =>
  `${at("parties", party, "statement.csv")}?language=${language}`;

/** A signature file as PEM: as it is where it is text already, else its bytes (DER) wrapped. */
export function pemOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith("-----BEGIN")) return text;
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CMS-----", ...lines, "-----END CMS-----", ""].join("\n");
}
