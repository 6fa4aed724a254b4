import i18next from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { expect, it } from "vitest";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { useFieldType, useRelease } from "./release";

const Shown = ({ of, type }: { of: unknown; type: string }) => `${useRelease()(of)} ${useFieldType()(type)}`;

async function shown(of: unknown, type: string, lng: "zh" | "en"): Promise<string> {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng, resources, interpolation: { escapeValue: false } });
  return renderToStaticMarkup(<Shown of={of} type={type} />);
}

it("a release rule is told in the language of the page, with its mask, its functions and its loss", async () => {
  const table: [unknown, string, string][] = [
    [{ rule: "group" }, "分组", "Group"],
    [{ rule: "aggregate", functions: ["sum", "mean"] }, "聚合（求和、均值）", "Aggregate (sum, mean)"],
    [
      { rule: "masked", mask: { mask: "partial", head: 2, tail: 4 } },
      "脱敏（保留前 2 位、后 4 位）",
      "Masked (first 2 and last 4 kept)",
    ],
    [{ rule: "masked", mask: { mask: "band", width: 10 } }, "脱敏（按 10 分段）", "Masked (bands of 10)"],
    [{ rule: "masked", mask: { mask: "year" } }, "脱敏（仅年份）", "Masked (year only)"],
    [
      { rule: "private", functions: ["mean"], rho_micro: 5_000 },
      "差分隐私（均值，每个结果 ρ = 0.005）",
      "Differential privacy (mean, ρ = 0.005 a result)",
    ],
  ];
  for (const [rule, chinese, english] of table) {
    expect(await shown(rule, "date", "zh")).toBe(`${chinese} 日期`);
    expect(await shown(rule, "date", "en")).toBe(`${english} Date`);
  }
});

it("a rule that a later release knows is told by its word", async () => {
  expect(await shown({ rule: "sealed" }, "point", "zh")).toBe("sealed point");
});
