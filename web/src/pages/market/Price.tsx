import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";

export function Price({ of }: { of: Schemas["Product"] }) {
  const { t } = useTranslation();
  if (of.price_class !== "industry") return <>{t("common.free")}</>;
  return <>{of.price ? t("common.yuan", { amount: of.price }) : "—"}</>;
}
