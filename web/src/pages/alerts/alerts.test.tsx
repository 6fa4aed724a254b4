import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import Alerts from ".";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const shown = async (language: "zh" | "en", alerts: Schemas["Alert"][], acts: string[]) => {
  await i18next.changeLanguage(language);
  const client = new QueryClient();
  client.setQueryData(["alerts"], alerts);
  client.setQueryData(["session"], { acts });
  return renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <Alerts />
    </QueryClientProvider>,
  );
};

const waiting: Schemas["Alert"] = {
  id: "alr_1",
  kind: "refusals",
  name: { zh: "调用反复被拒", en: "repeated refusals" },
  rule: "alert.refusals",
  party: { id: "pty_bank", name: "示范银行" },
  product: { id: "prd_1", name: "企业核验" },
  scenario: { id: "scn_1", name: "信贷审核" },
  day: "2026-04-01",
  figure: 50,
  bound: 40,
  raised: "2026-04-01T02:00:00Z",
  due: "2026-04-07",
  late: true,
  handled: null,
  revision: 1,
};

const handled: Schemas["Alert"] = {
  ...waiting,
  late: false,
  handled: {
    outcome: "measures_taken",
    name: { zh: "已采取措施", en: "measures were taken" },
    how: "接口参数误配，已约谈",
    measures: [
      { zh: "督促整改", en: "told to put it right" },
      { zh: "暂停产品", en: "product suspended" },
    ],
    incident: null,
    by: { id: "pty_operator", name: "运营公司" },
    at: "2026-04-02T02:00:00Z",
  },
};

it("an alert that waits says about whom, how many, until when, and leads to its act those who may do it", async () => {
  const page = await shown("zh", [waiting], ["alert.handle"]);
  for (const said of [
    "调用反复被拒",
    "示范银行",
    "企业核验",
    "50 次（40 次起告警）",
    "2026-04-07",
    "待处置",
    "（逾期）",
  ]) {
    expect(page).toContain(said);
  }
  expect(page).toContain(zh.alerts.handle);
  expect(page).toContain("alr_1&quot;]");
  expect(await shown("zh", [waiting], [])).not.toContain(zh.alerts.handle);
});

it("one that was handled says what was found and done, and by whom", async () => {
  const page = await shown("zh", [handled], ["alert.handle"]);
  for (const said of ["已采取措施", "接口参数误配，已约谈", "督促整改、暂停产品", "运营公司"]) {
    expect(page).toContain(said);
  }
  expect(page).not.toContain(zh.alerts.handle);
  expect(page).not.toContain("（逾期）");
  expect(await shown("en", [handled], [])).toContain("told to put it right, product suspended");
});

it("none yet is said, with what would raise one", async () => {
  expect(await shown("zh", [], [])).toContain(zh.alerts.empty);
});
