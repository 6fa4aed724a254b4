/** The lines of an invoice: what it charges, who receives what of it, and what has happened to it since. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMay, useStatement } from "../../api/queries";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { Charged } from "./Charged";
import { LineKind, Reversal } from "./Reversal";

type Invoice = Schemas["Invoice"];
type Line = Schemas["StatementLine"];

export function InvoiceLines({ period, invoice }: { period: string; invoice: Invoice }) {
  const { t } = useTranslation();
  const lines = useStatement(invoice.consumer.id);
  const mayReverse = useMay("books.reverse");
  const own = (line: Line) =>
    line.period === period && line.subscription === invoice.subscription && line.account === "owes";
  return (
    <div className="stack">
      <Charged invoice={invoice} />
      <Loaded of={lines}>
        {(items) => (
          <Table<Line>
            size="small"
            rowKey={({ at, kind, amount }) => `${at}${kind}${amount}`}
            pagination={false}
            dataSource={items.filter(own)}
            columns={[
              { title: t("books.at"), render: (_, { at }) => beijing(at) },
              {
                title: t("books.kind"),
                render: (_, line) => <LineKind line={line} />,
              },
              { title: t("books.evidence"), dataIndex: "evidence" },
              { title: t("books.amountYuan"), dataIndex: "amount", align: "right" },
              ...(mayReverse
                ? [{ title: t("common.actions"), render: (_: unknown, line: Line) => <Reversal line={line} /> }]
                : []),
            ]}
          />
        )}
      </Loaded>
    </div>
  );
}
