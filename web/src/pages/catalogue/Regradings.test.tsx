import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import { Regradings } from "./Regradings";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, search, children }: { to: string; search?: Record<string, unknown>; children: ReactNode }) => (
    <a href={`${to}?${JSON.stringify(search ?? {})}`}>{children}</a>
  ),
}));

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const field = (name: string, level: number, release: unknown) =>
  ({ name, level, release, meaning: `${name}的含义`, type: "text", nullable: true }) as Schemas["Field"];

const waits = (column: string, level: number, release: unknown, document: string) => ({
  grades: { [column]: { level, release } },
  at: "2026-11-20T02:00:00Z",
  reason: "经评估可以放宽",
  basis: `分级目录第 ${level} 版`,
  document_sha256: document.repeat(32),
});

const resource = (regrading: unknown) =>
  ({
    id: "res_1",
    fields: [field("city", 2, { rule: "closed" }), field("day", 3, { rule: "group" })],
    regrading,
  }) as unknown as Schemas["Resource"];

function shown(regrading: unknown): string {
  const client = new QueryClient();
  client.setQueryData(["session"], { acts: ["regrading.decide"], party: { id: "pty_agency" } });
  client.setQueryData(
    ["act-forms"],
    [{ act: "regrading.decide", request: null, name: { zh: "审批放宽", en: "decide" } }],
  );
  const page = (
    <QueryClientProvider client={client}>
      <Regradings of={resource(regrading)} />
    </QueryClientProvider>
  );
  return renderToStaticMarkup(page).replaceAll("&quot;", '"');
}

it("each change that waits says its columns from and to, by what, and who decides", () => {
  const page = shown([
    waits("city", 1, { rule: "open" }, "ab"),
    waits("day", 2, { rule: "masked", mask: { mask: "year" } }, "cd"),
  ]);
  expect(page).toContain("待实施机构审批");
  expect(page).toContain("2 → 1");
  expect(page).toContain("封闭 → 开放");
  expect(page).toContain("分组 → 脱敏（仅年份）");
  expect(page).toContain("分级目录第 1 版");
  expect(page).toContain("分级目录第 2 版");
  expect(page).toContain("ab".repeat(32));
  expect(page).toContain("cd".repeat(32));
  expect(page).toContain('/acts?{"act":"regrading.decide","of":["res_1"]}');
});

it("a column that is asked for and not there any more is shown as asked for", () => {
  expect(shown([waits("street", 1, { rule: "open" }, "ab")])).toContain("无 → 开放");
});

it("nothing is shown where nothing waits", () => {
  expect(shown([])).toBe("");
});
