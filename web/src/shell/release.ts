/** Release rules and types of fields, as people read them; the record writes them as words of the rule packs. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Words } from "../i18n/zh";

type Named = Record<string, unknown>;
type Rules = keyof Words["release"]["rules"];
type Functions = keyof Words["release"]["functions"];

/** What of a field may leave, with what its rule says more. */
export function useRelease(): (release: unknown) => string {
  const { t } = useTranslation();
  return (release) => releaseText((release ?? {}) as Named, t);
}

/** What a field's values are. */
export function useFieldType(): (type: string) => string {
  const { t } = useTranslation();
  return (type) => t(`release.types.${type as keyof Words["release"]["types"]}`, { defaultValue: type });
}

function releaseText(release: Named, t: TFunction): string {
  const { rule, mask, functions, rho_micro: rho } = release;
  const said = [
    ...(mask ? [maskText(mask, t)] : []),
    ...(Array.isArray(functions) ? [functionsText(functions as string[], t)] : []),
    ...(typeof rho === "number" ? [t("release.loss", { rho: rho / 1_000_000 })] : []),
  ];
  const name = t(`release.rules.${String(rule) as Rules}`, { defaultValue: String(rule) });
  return said.length === 0 ? name : `${name}${t("marks.open")}${said.join(t("marks.comma"))}${t("marks.close")}`;
}

/** Rows are always counted; what may be applied beside is said. */
const functionsText = (functions: string[], t: TFunction): string =>
  functions.map((one) => t(`release.functions.${one as Functions}`, { defaultValue: one })).join(t("marks.list"));

function maskText(mask: unknown, t: TFunction): string {
  const { mask: kind, ...of } = (typeof mask === "object" ? mask : { mask }) as Named;
  switch (kind) {
    case "partial":
      return t("release.partial", { head: of.head as number, tail: of.tail as number });
    case "band":
      return t("release.band", { width: of.width as number });
    case "year":
      return t("release.year");
    default:
      return String(kind);
  }
}
