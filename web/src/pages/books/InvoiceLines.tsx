/** The lines of an invoice: what it charges, who receives what of it, and what has happened to it since. */
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMay, useStatement } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { fen, less } from "../../shell/money";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
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

function Charged({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const { amount, standing, calls, rows, bytes, charging, shares } = invoice;
  const by = t(`market.charging.${charging as keyof Words["market"]["charging"]}`);
  const metered = t("books.ofCalls", { calls, amount: less(amount, standing) });
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: "calls", label: t("books.metered"), children: metered },
        ...(rows + bytes > 0
          ? [{ key: "volume", label: t("books.volume"), children: t("books.ofVolume", { rows, bytes }) }]
          : []),
        ...(fen(standing) > 0n
          ? [
              {
                key: "standing",
                label: t("books.standing"),
                children: `${t("common.yuan", { amount: standing })} ${by}`,
              },
            ]
          : []),
        {
          key: "shares",
          label: t("books.shares"),
          children: shares
            .map(({ party, amount }) => `${party.name} ${t("common.yuan", { amount })}`)
            .join(t("marks.comma")),
        },
      ]}
    />
  );
}
