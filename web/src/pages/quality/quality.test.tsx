import type { ReactNode } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { rendered, words } from "../../testing";
import { ChangeDue, Measures, Special, Volume } from "../catalogue/Standing";
import { Orders } from ".";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(words);

const FORMS = { "quality.answer": "答复质量工单", "quality.close": "核验质量工单" };
const shown = (acts: string[], page: ReactNode) => rendered(page, acts, FORMS);

const open: Schemas["WorkOrder"] = {
  id: "wko_1",
  resource: { id: "res_1", name: "空气质量" },
  holder: { id: "pty_1", name: "生态局" },
  dimension: "accuracy",
  name: { zh: "准确性", en: "accuracy" },
  version: null,
  held_back: false,
  text: "80/100，低于规定",
  by: null,
  at: "2026-04-01T02:00:00Z",
  due: "2026-04-10",
  provisional: false,
  late: true,
  state: "open",
  answers: [],
  closed: null,
  revision: 1,
};

it("an open order tells issue, deadline and lateness, and opens the answer's form on it", () => {
  const page = shown(["quality.answer"], <Orders of={[open]} />);
  for (const said of ["空气质量", "生态局", "准确性：80/100，低于规定", "平台测算", "2026-04-10", "逾期", "待答复"]) {
    expect(page).toContain(said);
  }
  expect(page).toContain('/acts?{"act":"quality.answer","of":["wko_1"]}');
  expect(page).not.toContain("quality.close");
  expect(page).not.toContain("暂不投入使用");
  expect(shown([], <Orders of={[{ ...open, held_back: true }]} />)).toContain("所涉版本暂不投入使用");
});

it("an answered one waits for the finding, a closed one for nothing", () => {
  const answers = [{ at: "2026-04-02T02:00:00Z", how: "已补录", version: null }];
  const answered = shown(["quality.close"], <Orders of={[{ ...open, late: false, state: "answered", answers }]} />);
  expect(answered).toContain("已补录");
  expect(answered).toContain('"act":"quality.close"');
  expect(answered).not.toContain("逾期");
  const closed = { at: "2026-04-03T02:00:00Z", reason: "相符" };
  const page = shown(["quality.close"], <Orders of={[{ ...open, late: false, state: "closed", answers, closed }]} />);
  expect(page).toContain("相符");
  expect(page).not.toContain('"act":"quality.close"');
});

const measure: Schemas["QualityMeasure"] = {
  dimension: "completeness",
  name: { zh: "完整性", en: "completeness" },
  held: 80,
  of: 100,
  basis_points: 8000,
  basis_points_min: 9500,
  version: "ver_1",
  check: null,
};

it("a measure stands against what is asked, and says where it falls short", () => {
  const page = shown([], <Measures of={[measure, { ...measure, dimension: "accuracy", basis_points_min: null }]} />);
  expect(page).toContain("80.00%（80 / 100），低于规定");
  expect(page).toContain("95.00%");
  expect(page.match(/低于规定/g)).toHaveLength(1);
});

it("special kinds, approvals and volume are told", () => {
  const resource = {
    versions: [{ rows: 12345 }],
    updated: "2026-04-01T02:00:00Z",
    entry: { volume: "约 1 万条", sharing: "conditional", span: { from: "2020-01-01" } },
    important: true,
    core: false,
    shared_from: "市公安局",
    sensitive: ["phone"],
    clearances: [
      {
        clearance: "important_data",
        approval: "专项批准",
        authority: "市数据局",
        document_sha256: "ab".repeat(32),
        until: "2027-03-31",
        withdrawn: { at: "2026-05-01T02:00:00Z", reason: "范围调整", document_sha256: "cd".repeat(32) },
      },
    ],
  } as unknown as Schemas["Resource"];
  const special = shown([], <Special of={resource} />);
  for (const said of [
    "重要数据：须有专项批准",
    "由“市公安局”共享取得",
    "phone",
    "专项批准，市数据局",
    "有效至 2027-03-31",
    "撤销：范围调整",
  ]) {
    expect(special).toContain(said);
  }
  const volume = shown([], <Volume of={resource} />);
  for (const said of ["12,345", "约 1 万条", "有条件", "2020-01-01 至 …"]) expect(volume).toContain(said);
  const ordinary = { ...resource, important: false, shared_from: null, sensitive: [], clearances: [] };
  expect(shown([], <Special of={ordinary as Schemas["Resource"]} />)).toContain("不属于核心数据");
});

it("a change that is to be registered is told with its last day, and that it is late", () => {
  const due = { changed: "grades", at: "2026-04-01T02:00:00Z", due: "2026-04-16", provisional: false, late: false };
  const told = (change_due: unknown) => shown([], <ChangeDue of={{ change_due } as unknown as Schemas["Resource"]} />);
  expect(told(undefined)).not.toContain("变更登记");
  expect(told(due)).toContain("分级和放行规则已变更，须于 2026-04-16 前申请变更登记");
  expect(told(due)).not.toContain("逾期");
  expect(told({ ...due, late: true })).toContain("逾期");
});
