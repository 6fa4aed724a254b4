/** Amounts in yuan as the server writes them: exact decimals, added up without binary fractions. */

/** An amount in fen. */
export function fen(amount: string): bigint {
  const [whole = "0", part = ""] = amount.replace("-", "").split(".");
  const value = BigInt(whole) * 100n + BigInt(part.padEnd(2, "0"));
  return amount.startsWith("-") ? -value : value;
}

/** The amount in yuan, with two decimals. */
export function yuan(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The sum of amounts. */
export const sum = (amounts: string[]): string => yuan(amounts.reduce((total, amount) => total + fen(amount), 0n));

/** The difference of two amounts. */
export const less = (amount: string, taken: string): string => yuan(fen(amount) - fen(taken));
