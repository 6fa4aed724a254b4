/** Invoices of closed months, each with what was charged, credited, paid and paid back. */
import { Descriptions, Grid, Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMay, usePeriods, useSession } from "../../api/queries";
import { fen, sum } from "../../shell/money";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { beijing, day } from "../../shell/time";
import { Prices, Used } from "./Charged";
import { InvoiceActs } from "./InvoiceActs";
import { InvoiceLines } from "./InvoiceLines";

type Period = Schemas["Period"];
type Invoice = Schemas["Invoice"];

export function Bills() {
  const { t } = useTranslation();
  const periods = usePeriods();
  const billed = { ...periods, data: periods.data?.filter(({ invoices }) => invoices.length > 0) };
  return (
    <Loaded of={billed} empty={t("books.noBills")}>
      {(items) => [...items].reverse().map((period) => <Month key={period.id} period={period} />)}
    </Loaded>
  );
}

function Month({ period }: { period: Period }) {
  const { t } = useTranslation();
  const { id, agreement, month, closed_at, due, invoices } = period;
  const waits = invoices.some(({ open }) => fen(open) > 0n);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {month} · {agreement.name}
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "closed", label: t("books.closedAt"), children: beijing(closed_at) },
          {
            key: "due",
            label: t("books.due"),
            children: waits && due < day() ? <span className="state-bad">{`${due}${t("books.late")}`}</span> : due,
          },
        ]}
      />
      <Invoices period={period} />
      <div className="bar below">
        <Paper of="periods" id={id} />
        <Notices of={id} />
      </div>
    </section>
  );
}

function Invoices({ period }: { period: Period }) {
  const { t } = useTranslation();
  const { invoices } = period;
  const mayAct = useMay("books.payment");
  const own = useSession().data?.party.id;
  // A telephone shows what is charged and what is open; the rest is in the lines of each invoice.
  const wide = Grid.useBreakpoint().md !== false;
  const all = ["amount", "credited", "paid", "refunded", "open"] as const;
  const amounts = all.filter((key) => wide || key === "amount" || key === "open");
  const others = wide && invoices.some(({ consumer }) => consumer.id !== own);
  const before = 1 + (others ? 1 : 0) + (wide ? 2 : 0);
  return (
    <Table<Invoice>
      size="small"
      className="fits"
      rowKey="subscription"
      pagination={false}
      dataSource={invoices}
      expandable={{ expandedRowRender: (invoice) => <InvoiceLines period={period.id} invoice={invoice} /> }}
      columns={[
        { title: t("books.product"), render: (_, { product }) => product.name },
        ...(others
          ? [{ title: t("books.consumer"), render: (_: unknown, { consumer }: Invoice) => consumer.name }]
          : []),
        ...(wide
          ? [
              {
                title: t("books.usage"),
                align: "right" as const,
                render: (_: unknown, of: Invoice) => <Used of={of} />,
              },
              {
                title: t("books.price"),
                align: "right" as const,
                render: (_: unknown, of: Invoice) => <Prices of={of} />,
              },
            ]
          : []),
        ...amounts.map((key) => ({ title: t(`books.amounts.${key}`), dataIndex: key, align: "right" as const })),
        ...(mayAct
          ? [
              {
                title: t("common.actions"),
                render: (_: unknown, invoice: Invoice) => <InvoiceActs period={period} invoice={invoice} />,
              },
            ]
          : []),
      ]}
      summary={() => (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0} />
          <Table.Summary.Cell index={1} colSpan={before}>
            {t("books.total")}
          </Table.Summary.Cell>
          {amounts.map((key, at) => (
            <Table.Summary.Cell key={key} index={1 + before + at} align="right">
              {sum(invoices.map((invoice) => invoice[key]))}
            </Table.Summary.Cell>
          ))}
          {mayAct && <Table.Summary.Cell index={1 + before + amounts.length} />}
        </Table.Summary.Row>
      )}
    />
  );
}
