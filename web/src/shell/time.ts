/** An instant as people in the district read it: the time in Shanghai, whatever the machine's zone. */
export const beijing = (at: string): string => new Date(at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
