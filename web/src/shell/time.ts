/** An instant as people in the district read it: the time in Shanghai, whatever the machine's zone. */
export const beijing = (at: string): string => new Date(at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });

/** A day in Shanghai as the server writes it, so many days from now. */
export function day(days = 0): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(at);
}

/** What a field for day and time holds, as the instant that it is in Shanghai. */
export const instantOf = (local: string): string => (local ? new Date(`${local}:00+08:00`).toISOString() : "");

/** An instant as such a field shows it; nothing where it is none. */
export function localOf(instant: string | undefined): string {
  const at = Date.parse(instant ?? "");
  return Number.isNaN(at) ? "" : new Date(at + 8 * 3_600_000).toISOString().slice(0, 16);
}
