import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";

export function Price({ of }: { of: Schemas["Product"] }) {
  const { t } = useTranslation();
  if (of.price_class !== "industry") return <>{t("common.free")}</>;
  if (!of.price) return <>—</>;
  const by = t(`market.charging.${of.charging as keyof Words["market"]["charging"]}`);
  return (
    <>
      {t("common.yuan", { amount: of.price })} {by}
    </>
  );
}
