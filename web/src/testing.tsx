/** Pages in tests: rendered to text with the words of the portal, as somebody sees them who may do these acts. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { en } from "./i18n/en";
import { zh } from "./i18n/zh";

export async function words() {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
}

/** The page for who may do `acts`, of those that have forms, each with its Chinese name. */
export function rendered(page: ReactNode, acts: string[], forms: Record<string, string>): string {
  const client = new QueryClient();
  client.setQueryData(["session"], { acts });
  client.setQueryData(["files"], []);
  client.setQueryData(
    ["act-forms"],
    Object.entries(forms).map(([act, zh]) => ({ act, name: { zh, en: act } })),
  );
  const markup = renderToStaticMarkup(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
  return markup.replaceAll("&quot;", '"');
}
