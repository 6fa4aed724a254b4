import type { ReactNode } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { rendered, words } from "../../testing";
import { ReportList, ReportSays } from "./Reports";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(words);

const FORMS = { "report.submit": "提交运营报告", "report.review": "审核运营报告" };
const shown = (acts: string[], page: ReactNode) => rendered(page, acts, FORMS);

const content: Schemas["ReportContent"] = {
  days: { from: "2026-04-01", until: "2026-12-31" },
  summary: "全年运营平稳",
  charged: "1420000.00",
  cost: "1200000.00",
  taxes: "77400.00",
  left: "142600.00",
  document_sha256: "9c".repeat(32),
  consumers: 2,
  calls: 500000,
  products: [{ product: { id: "prd_1", name: "企业信用核验" }, calls: 500000, charged: "1420000.00" }],
  received: [{ party: { id: "pty_1", name: "运营公司" }, amount: "994000.00" }],
  permitted: [{ revenue: "rev_1", period: { from: "2026-01-01", until: "2026-12-31" }, maximum: "1367400.00" }],
  incidents: 1,
  alerts: 3,
  disputes: 0,
  complaints: 2,
};

const owed: Schemas["OperatingReport"] = {
  id: null,
  agreement: { id: "agr_1", name: "整体授权协议" },
  operator: { id: "pty_1", name: "运营公司" },
  year: 2026,
  due: "2027-03-31",
  status: "owed",
  late: true,
  at: null,
  finding: null,
  content: null,
  revision: 0,
};

it("what is owed is told with its day and lateness, and opens the form on the agreement", () => {
  const page = shown(["report.submit"], <ReportList of={[owed]} />);
  for (const said of ["整体授权协议", "运营公司", "2027-03-31", "未提交（逾期）"]) expect(page).toContain(said);
  expect(page).toContain('/acts?{"act":"report.submit","of":["agr_1"]}');
  expect(page).not.toContain("/document");
});

it("what came waits for the agency, and once it is accepted for nobody", () => {
  const came = { ...owed, id: "rpt_1", at: "2027-03-01T02:00:00Z", late: false, content };
  const waits = shown(["report.submit", "report.review"], <ReportList of={[{ ...came, status: "submitted" }]} />);
  expect(waits).toContain('/acts?{"act":"report.review","of":["rpt_1"]}');
  expect(waits).not.toContain("report.submit");
  expect(waits).toContain("/api/v1/reports/rpt_1/document");
  const done = { ...came, status: "accepted", finding: "与账簿一致" };
  const page = shown(["report.submit", "report.review"], <ReportList of={[done]} />);
  expect(page).toContain("与账簿一致");
  expect(page).not.toContain("/acts?");
  const back = shown(["report.submit"], <ReportList of={[{ ...done, status: "sent_back" }]} />);
  expect(back).toContain('"act":"report.submit"');
});

it("a report tells figures of the record beside what is stated", () => {
  const page = shown([], <ReportSays of={content} />);
  for (const said of [
    "全年运营平稳",
    "1420000.00",
    "142600.00",
    "企业信用核验",
    "500,000",
    "1367400.00",
    "994000.00",
  ]) {
    expect(page).toContain(said);
  }
  expect(page).toContain("使用方 2 家");
});
