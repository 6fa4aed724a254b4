import i18next from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import { en } from "../../i18n/en";
import { zh } from "../../i18n/zh";
import { Part } from "./Development";

beforeAll(async () => {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18next.use(initReactI18next).init({ lng: "zh", resources, interpolation: { escapeValue: false } });
});

const shown = async (language: "zh" | "en", by_partners: number, listed: number, partner_percent_max: number) => {
  await i18next.changeLanguage(language);
  return renderToStaticMarkup(<Part of={{ by_partners, listed, partner_percent_max }} />);
};

it("partners' part stands against the limit of the district", async () => {
  expect(await shown("zh", 1, 3, 40)).toContain("在架产品 3 个，其中合作方开发 1 个（33.3%），上限 40%");
  expect(await shown("en", 2, 4, 50)).toContain(
    "2 of 4 listed products are developed by partners (50 %); at most 50 %",
  );
});

it("a district without a limit is said to have none, and an empty list is no division", async () => {
  expect(await shown("zh", 0, 0, 100)).toContain("（0%），区县未设上限");
});
