import i18next from "i18next";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import type { Schemas } from "../../api/client";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import { Found } from "./WhatIf";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, children }: { to: string; children: ReactNode }) => <a href={to}>{children}</a>,
}));

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const tried: Schemas["RulesTried"] = {
  rules_hash: "00",
  entries: 3,
  acts: 2,
  calls: 1,
  history_differs_at: null,
  changed: 2,
  unseen: { zh: "未予记录者不列", en: "what is not on record is not listed" },
  items: [
    {
      entry: {
        index: 7,
        at: "2026-04-01T02:00:00Z",
        kind: "act",
        act: "agreement.propose",
        actor: "区数据局",
        product: null,
        stream: "agr_1",
        outcome: "recorded",
        refused_by: null,
        failure: null,
        alerts: [],
        fee: "0.00",
        text: { zh: "区数据局 拟定协议", en: "the bureau proposed an agreement" },
      },
      change: "refused",
      recorded: null,
      proposed: {
        rule: "agreement.term",
        source: "27号文",
        article: "第十四条",
        message: { zh: "期限过长", en: "too long" },
        remedy: { zh: "缩短", en: "shorten it" },
      },
    },
  ],
};

it("lists what would differ, why, and where it stands", async () => {
  const page = renderToStaticMarkup(<Found tried={tried} />);
  expect(page).toContain("2 项办理事项、1 次调用中，2 项决定将有不同");
  expect(page).toContain("以下列出前 1 项");
  expect(page).toMatch(/href="\/chain"[^>]*>区数据局 拟定协议/);
  expect(page).toContain('href="/api/v1/entries/7/receipt"');
  expect(page).toContain("将予拒绝");
  expect(page).toContain("agreement.term");
  expect(page).not.toContain("将依：");
  await i18next.changeLanguage("en");
  expect(renderToStaticMarkup(<Found tried={tried} />)).toContain("2 decisions would differ");
  await i18next.changeLanguage("zh");
});

it("what would be refused by another rule shows both", () => {
  const [refused] = tried.items;
  const recorded = { ...(refused?.proposed as Schemas["Refusal"]), rule: "agreement.clauses" };
  const items = [{ ...refused, change: "otherwise", recorded }] as Schemas["DecisionTried"][];
  const page = renderToStaticMarkup(<Found tried={{ ...tried, items }} />);
  expect(page).toContain("仍予拒绝，所依规则不同");
  expect(page).toMatch(/原依：.*agreement\.clauses.*将依：.*agreement\.term/);
});

it("says that nothing would differ, and where the record ends to be asked", () => {
  const page = renderToStaticMarkup(<Found tried={{ ...tried, changed: 0, items: [], history_differs_at: 5 }} />);
  expect(page).toContain("0 项决定将有不同");
  expect(page).toContain("账本第 5 条与当时的规则不符");
  expect(page).not.toContain("<table");
});
