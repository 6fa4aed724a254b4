/** Bills and settlement: from metering over invoices and payments to payouts, statements, and the yearly check. */
import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useSettlements } from "../../api/queries";
import { Page } from "../../shell/Page";
import { Bills } from "./Bills";
import { Metering } from "./Metering";
import { PermittedRevenue } from "./PermittedRevenue";
import { Settlements } from "./Settlements";
import { Statement } from "./Statement";

export default function Books() {
  const { t } = useTranslation();
  // Whoever may see settlements gets them; others have their bills and their statement.
  const oversees = (useSettlements().data ?? []).length > 0;
  return (
    <Page title={t("books.title")}>
      <p>{t("books.what")}</p>
      <Tabs
        items={[
          { key: "bills", label: t("books.bills"), children: <Bills /> },
          { key: "metering", label: t("books.metering"), children: <Metering /> },
          ...(oversees ? [{ key: "settlements", label: t("books.settlements"), children: <Settlements /> }] : []),
          { key: "statement", label: t("books.statement"), children: <Statement choose={oversees} /> },
          ...(oversees ? [{ key: "revenue", label: t("books.revenue"), children: <PermittedRevenue /> }] : []),
        ]}
      />
    </Page>
  );
}
