import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Text } from "../api/client";
import { en } from "./en";
import { type Words, zh } from "./zh";

export type Language = "zh" | "en";
const STORED = "gongshu.language";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Words };
  }
}

/** Starts the texts in the language chosen last, Chinese at first. */
export function startTexts(): void {
  const language: Language = localStorage.getItem(STORED) === "en" ? "en" : "zh";
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "zh",
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function useLanguage(): [Language, (language: Language) => void] {
  const { i18n } = useTranslation();
  const choose = (language: Language) => {
    localStorage.setItem(STORED, language);
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    void i18n.changeLanguage(language);
  };
  return [i18n.language === "en" ? "en" : "zh", choose];
}

/** Picks the language of a text that came in both. */
export function usePick(): (text: Text | null | undefined) => string {
  const [language] = useLanguage();
  return (text) => (text ? text[language] : "");
}
