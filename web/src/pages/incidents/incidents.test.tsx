import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import Incidents from ".";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const incident = (of: Partial<Schemas["Incident"]>): Schemas["Incident"] => ({
  id: "inc_1",
  title: "异常访问",
  level: "larger",
  system: "other_operator",
  discovered: "2026-11-20T02:00:00Z",
  reported: "2026-11-20T03:00:00Z",
  by: { id: "pty_operator", name: "运营公司" },
  scenarios: [],
  facts: "夜间批量调用",
  drill: false,
  duties: [],
  revision: 1,
  ...of,
});

const duty = (of: Partial<Schemas["IncidentDuty"]>): Schemas["IncidentDuty"] => ({
  duty: "report_to_authority",
  due: "2026-11-20T06:00:00Z",
  late: false,
  ...of,
});

function shown(of: Partial<Schemas["Incident"]>): string {
  const client = new QueryClient();
  client.setQueryData(["incidents"], [incident(of)]);
  client.setQueryData(["session"], { acts: ["incident.close", "incident.retract"], party: { id: "pty_agency" } });
  const forms = ["incident.close", "incident.retract"].map((act) => ({
    act,
    request: null,
    name: { zh: act, en: act },
  }));
  client.setQueryData(["act-forms"], forms);
  client.setQueryData(["files"], [{ sha256: "ab".repeat(32), name: "事件报告.pdf" }]);
  const page = (
    <QueryClientProvider client={client}>
      <Incidents />
    </QueryClientProvider>
  );
  return renderToStaticMarkup(page).replaceAll("&quot;", '"');
}

it("a false alarm says that it is none and why, and nothing more is done about it", () => {
  const page = shown({
    retracted: "压力测试，非外部访问",
    closed: { cause: "核查认定不属于安全事件：压力测试，非外部访问", lessons: "" },
  });
  expect(page).toContain("异常访问 · 较大 · 已撤销（不属于安全事件）");
  expect(page.match(/压力测试，非外部访问/g)).toHaveLength(1);
  expect(page).not.toContain("整改");
  expect(page).not.toContain('"act"');
});

it("an incident that is closed says what happened, what was done, its cause and what was learnt, in this order", () => {
  const page = shown({ duties: [duty({ how: "书面报告" })], closed: { cause: "弱口令", lessons: "启用双因素" } });
  const told = ["夜间批量调用", "书面报告", "弱口令", "启用双因素"].map((text) => page.indexOf(text));
  expect(told.every((at) => at > 0)).toBe(true);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(page).toContain("其他网络运营者的系统");
  expect(page).toContain("异常访问 · 较大 · 已办结");
  expect(page).toContain("弱口令");
  expect(page).toContain("启用双因素");
  expect(page).not.toContain("incident.retract");
});

it("an incident under way is closed or retracted", () => {
  const page = shown({});
  expect(page).toContain("异常访问 · 较大 · 处置中");
  expect(page).toContain('{"act":"incident.close","of":["inc_1"]}');
  expect(page).toContain('{"act":"incident.retract","of":["inc_1"]}');
});

it("the papers by which a duty was done lead to their files", () => {
  const papers = { document_sha256: "ab".repeat(32), evidence_sha256: "cd".repeat(32) };
  const page = shown({ duties: [duty({ ...papers, done: "2026-11-20T04:00:00Z" })] });
  expect(page).toMatch(
    new RegExp(`所发文书：.*<a [^>]*href="/api/v1/files/${"ab".repeat(32)}"[^>]*>[^<]*事件报告.pdf`),
  );
  expect(page).toMatch(new RegExp(`时间凭证：.*${"cd".repeat(32)}`));
});

it("a duty that was done before it was recorded says both times", () => {
  const done = "2026-11-20T04:00:00Z";
  const later = shown({ duties: [duty({ done, recorded: "2026-11-20T08:00:00Z", how: "电话报告" })] });
  expect(later).toContain("2026/11/20 12:00:00 已办理（2026/11/20 16:00:00 登记）");
  expect(shown({ duties: [duty({ done, recorded: done })] })).not.toContain("登记）");
  expect(shown({ duties: [duty({ late: true })] })).toContain("未办理（逾期）");
});
