/** What calls have charged that no invoice counts yet. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMetering } from "../../api/queries";
import { sum } from "../../shell/money";
import { Loaded } from "../../shell/Page";
import { Summary, Table } from "../../shell/Table";

type Use = Schemas["UnbilledUse"];

export function Metering() {
  const { t } = useTranslation();
  const metering = useMetering();
  return (
    <Loaded of={metering} empty={t("books.nothingMetered")}>
      {(items) => (
        <Table<Use>
          size="small"
          rowKey="subscription"
          pagination={false}
          dataSource={items}
          columns={[
            { title: t("books.product"), render: (_, { product }) => product.name },
            { title: t("books.consumer"), render: (_, { consumer }) => consumer.name },
            { title: t("books.agreement"), render: (_, { agreement }) => agreement.name },
            { title: t("books.calls"), dataIndex: "calls", align: "right" },
            { title: t("books.amountYuan"), dataIndex: "fee", align: "right" },
          ]}
          summary={() => (
            <Summary.Row>
              <Summary.Cell index={0} colSpan={4}>
                {t("books.total")}
              </Summary.Cell>
              <Summary.Cell index={4} align="right">
                {sum(items.map(({ fee }) => fee))}
              </Summary.Cell>
            </Summary.Row>
          )}
        />
      )}
    </Loaded>
  );
}
