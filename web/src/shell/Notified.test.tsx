import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { type Notification, Notified } from "./Notified";

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const shown = async (language: "zh" | "en", of: Partial<Notification>) => {
  await i18next.changeLanguage(language);
  const term = { from: "2026-03-01", until: "2026-03-31" };
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <Notified of={{ term, notice: "区政府门户网站", late_days: 0, ...of }} />
    </QueryClientProvider>,
  );
};

it("a period that was recorded in time is shown with its place alone", async () => {
  expect(await shown("zh", { evidence_sha256: "ab".repeat(32) })).toBe("2026-03-01 – 2026-03-31，区政府门户网站");
});

it("a period that was recorded late says by how many days, and what shows it", async () => {
  const late = { late_days: 31, evidence_sha256: "ab".repeat(32) };
  const chinese = await shown("zh", late);
  expect(chinese).toContain("起始后 31 日补登记");
  expect(chinese).toContain("公示件摘要");
  expect(chinese).toContain("ab".repeat(32));
  const english = await shown("en", late);
  expect(english).toContain("days after it began: 31");
  expect(english).toContain("ab".repeat(32));
});

it("a period that was recorded late without a notice names none", async () => {
  const english = await shown("en", { late_days: 1, evidence_sha256: null });
  expect(english).toContain("days after it began: 1");
  expect(english).not.toContain("SHA-256");
  expect(await shown("zh", { late_days: 1 })).not.toContain("公示件摘要");
});
