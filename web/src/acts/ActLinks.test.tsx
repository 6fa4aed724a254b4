import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import { ActLinks } from "./ActLinks";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "zh", resources: {} });
});

const form = (act: string, request: string | null = null) => ({ act, request, name: { zh: `办${act}`, en: act } });

it("opens the form on the thing, of acts that one may do and that have a form", () => {
  const client = new QueryClient();
  client.setQueryData(["session"], { acts: ["incident.grade", "incident.report", "output.submit"] });
  client.setQueryData(
    ["act-forms"],
    [
      form("incident.grade"),
      form("incident.close"),
      form("incident.report"),
      form("output.submit", "POST /workbench/outputs"),
    ],
  );
  const page = renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <ActLinks acts={["incident.grade", "incident.close", "output.submit"]} of={["inc_1"]} />
    </QueryClientProvider>,
  );
  expect(page.match(/<a /g)).toHaveLength(1);
  expect(page).toContain("办incident.grade");
  expect(page.replaceAll("&quot;", '"')).toContain('/acts?{"act":"incident.grade","of":["inc_1"]}');
});
