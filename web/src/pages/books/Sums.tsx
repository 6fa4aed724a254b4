/** The sums of a settlement, in the order in which money goes its way. */
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";

const SUMS = ["metered", "invoiced", "credited", "paid", "refunded", "open", "paid_out", "held"] as const;

export function Sums({ of }: { of: Schemas["Settlement"] }) {
  const { t } = useTranslation();
  const items = SUMS.map((key) => ({
    key,
    label: t(`books.sums.${key}`),
    children: t("common.yuan", { amount: of[key] }),
  }));
  return <Descriptions bordered size="small" className="sums" column={{ xs: 1, sm: 2, lg: 4 }} items={items} />;
}
