/** Why an invoice has its amount: what was used, at which price, and how the one makes the other. */
import type { Schemas } from "../../api/client";
import { fen, less, yuan } from "../../shell/money";

type Invoice = Schemas["Invoice"];

/** Use in the unit that is charged; none where time is charged, or the subscription once. */
export type Used = { unit: "call" | "row"; count: number } | { unit: "megabyte"; size: string } | null;

export function usedOf({ charging, calls, rows, bytes }: Invoice): Used {
  switch (charging) {
    case "call":
      return { unit: "call", count: calls };
    case "row":
      return { unit: "row", count: rows };
    case "megabyte":
      return { unit: "megabyte", size: sizeOf(bytes) };
    default:
      return null;
  }
}

const SIZES = ["B", "KB", "MB", "GB", "TB"];

/** Bytes as people read them; a megabyte is a million, as prices take it. */
export function sizeOf(bytes: number): string {
  const step = Math.min(SIZES.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 ? value : value.toFixed(2)} ${SIZES[step]}`;
}

/** How the amount comes about. */
export type Reckoning =
  /** So many of one price make it exactly. */
  | { by: "product"; count: number; price: string; amount: string }
  /** Each answer was priced by its volume, or by another price of the month. */
  | { by: "each"; amount: string }
  /** A charge for time or once, beside the calls. */
  | { by: "standing"; amount: string };

export function reckoned(invoice: Invoice): Reckoning[] {
  const { standing, prices } = invoice;
  const metered = less(invoice.amount, standing);
  const used = usedOf(invoice);
  const one = prices.length === 1 ? prices[0]?.price : undefined;
  const exact =
    used && used.unit !== "megabyte" && one !== undefined && yuan(fen(one) * BigInt(used.count)) === metered;
  const ways: Reckoning[] = [];
  if (exact) ways.push({ by: "product", count: used.count, price: one, amount: metered });
  else if (fen(metered) !== 0n) ways.push({ by: "each", amount: metered });
  if (fen(standing) !== 0n) ways.push({ by: "standing", amount: standing });
  return ways;
}
