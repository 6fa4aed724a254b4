import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { Found, Notices } from "./Notices";

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const shown = async (language: "zh" | "en", page: ReactNode, known: Record<string, unknown>) => {
  await i18next.changeLanguage(language);
  const client = new QueryClient();
  for (const [key, data] of Object.entries(known)) client.setQueryData(key.split(" "), data);
  return renderToStaticMarkup(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
};

const suspension = {
  index: 412,
  at: "2026-10-27T02:00:00Z",
  act: "agreement.suspend",
  title: { zh: "授权协议暂停通知书", en: "Suspends an agreement." },
  subject: "整体授权协议",
};

it("each notice of a thing leads to the document of its act, with the day and what it is about", async () => {
  const known = { "notices agr_1": [suspension] };
  const chinese = await shown("zh", <Found of="agr_1" />, known);
  expect(chinese).toContain('href="/api/v1/acts/412/document"');
  expect(chinese).toContain(">授权协议暂停通知书</a>");
  expect(chinese).toContain("2026/10/27 10:00:00");
  expect(chinese).toContain("整体授权协议");
  const english = await shown("en", <Found of="agr_1" />, known);
  expect(english).toContain(">Suspends an agreement.</a>");
  expect(english).toContain("no. 412");
});

it("a thing without notices says so", async () => {
  expect(await shown("zh", <Found of="agr_1" />, { "notices agr_1": [] })).toContain(zh.notices.empty);
});

it("only those who are signed in are offered notices, and none are fetched before they ask", async () => {
  expect(await shown("zh", <Notices of="agr_1" />, { session: null })).toBe("");
  const offered = await shown("zh", <Notices of="agr_1" />, { session: { acts: [] }, "notices agr_1": [suspension] });
  expect(offered).toContain("<summary>通知书</summary>");
  expect(offered).not.toContain("/document");
});
