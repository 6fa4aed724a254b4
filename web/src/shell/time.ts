/** An instant as people in the district read it: the time in Shanghai, whatever the machine's zone. */
export const beijing = (at: string): string => new Date(at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });

/** A day in Shanghai as the server writes it, so many days from now. */
export function day(days = 0): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(at);
}
