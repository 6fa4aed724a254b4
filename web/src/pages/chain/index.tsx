import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Page } from "../../shell/Page";
import { Agreements } from "./Agreements";
import { Consents } from "./Consents";
import { Partners } from "./Partners";
import { Scenarios } from "./Scenarios";
import { Revenue, Subscriptions } from "./Subscriptions";

export default function Chain() {
  const { t } = useTranslation();
  return (
    <Page title={t("chain.title")}>
      <Tabs
        items={[
          { key: "agreements", label: t("chain.agreements"), children: <Agreements /> },
          { key: "scenarios", label: t("chain.scenarios"), children: <Scenarios /> },
          { key: "partners", label: t("chain.partners"), children: <Partners /> },
          { key: "subscriptions", label: t("chain.subscriptions"), children: <Subscriptions /> },
          { key: "consents", label: t("chain.consents"), children: <Consents /> },
          { key: "revenue", label: t("chain.revenue"), children: <Revenue /> },
        ]}
      />
    </Page>
  );
}
