import type { ReactNode } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { rendered, words } from "../../testing";
import { One } from "./Complaints";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(words);

const ACTS = ["complaint.answer", "complaint.decide", "complaint.rectify", "complaint.close"];

const shown = (page: ReactNode) => rendered(page, ACTS, Object.fromEntries(ACTS.map((act) => [act, act])));

const bank = { id: "pty_2", name: "某银行" };
const operator = { id: "pty_1", name: "运营公司" };
const supervisor = { id: "pty_3", name: "市场监管局" };
const filed: Schemas["Complaint"] = {
  id: "cmp_1",
  agreement: { id: "agr_1", name: "整体授权协议" },
  operator,
  by: bank,
  at: "2026-04-01T02:00:00Z",
  conduct: "差别待遇",
  facts: "服务水平不同",
  evidence_sha256: null,
  status: "filed",
  due: "2026-04-16",
  late: false,
  answer: null,
  decision: null,
  demands: null,
  rectified: [],
  finding: null,
  revision: 1,
};
const step = (by: Schemas["Named"], text: string) => ({ at: "2026-04-02T02:00:00Z", by, text, document_sha256: null });
const offered = (page: string) => ACTS.filter((act) => page.includes(`"act":"${act}"`));

it("a complaint tells who says what, and waits for the operator until its time is over", () => {
  const page = shown(<One of={filed} />);
  for (const said of ["差别待遇", "运营公司", "某银行", "服务水平不同", "待答辩", "2026-04-16"]) {
    expect(page).toContain(said);
  }
  expect(offered(page)).toEqual(["complaint.answer"]);
  const late = shown(<One of={{ ...filed, late: true }} />);
  expect(late).toContain("2026-04-16（逾期）");
  expect(offered(late)).toEqual(["complaint.answer", "complaint.decide"]);
});

it("what was found is told with what is to be put right, and each step offers the next", () => {
  const answered = { ...filed, status: "answered", due: null, answer: step(operator, "接口版本不同") };
  expect(offered(shown(<One of={answered} />))).toEqual(["complaint.decide"]);
  const decision = step(supervisor, "应适用同一服务水平");
  const upheld = { ...answered, status: "upheld", due: "2026-05-01", decision, demands: "统一服务水平" };
  const page = shown(<One of={upheld} />);
  for (const said of ["接口版本不同", "应适用同一服务水平", "统一服务水平", "待整改"]) expect(page).toContain(said);
  expect(offered(page)).toEqual(["complaint.rectify"]);
  const done = { ...step(operator, "已统一"), document_sha256: "c2".repeat(32) };
  const rectified = { ...upheld, status: "rectified", due: null, rectified: [done] };
  expect(shown(<One of={rectified} />)).toContain("c2c2");
  expect(offered(shown(<One of={rectified} />))).toEqual(["complaint.close"]);
  const closed = { ...rectified, status: "closed", finding: step(supervisor, "核验一致") };
  expect(offered(shown(<One of={closed} />))).toEqual([]);
  expect(offered(shown(<One of={{ ...answered, status: "dismissed" }} />))).toEqual([]);
});
