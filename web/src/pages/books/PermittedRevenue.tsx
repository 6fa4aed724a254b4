/** Permitted revenue of each period, the ceilings that rest on it, and the yearly check of what was earned. */
import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useAgreements, useMay, usePermittedRevenue } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import { fen } from "../../shell/money";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { permitOf } from "./permit";

type Revenue = Schemas["PermittedRevenue"];
type Sale = Schemas["PlannedSale"];

export function PermittedRevenue() {
  const { t } = useTranslation();
  const revenues = usePermittedRevenue();
  return (
    <>
      <div className="bar">
        <Permit />
      </div>
      <Loaded of={revenues} empty={t("books.noRevenue")}>
        {(items) => [...items].reverse().map((revenue) => <One key={revenue.id} revenue={revenue} />)}
      </Loaded>
    </>
  );
}

function Permit() {
  const { t } = useTranslation();
  const agreements = useAgreements().data ?? [];
  const periods = (usePermittedRevenue().data ?? []).filter(({ replaced_by }) => !replaced_by);
  const named = (of: Revenue[]) =>
    of.map(({ id, from, until }) => ({ value: id, label: `${from} – ${until} (${id})` }));
  const number = { name: "document_number", label: t("books.documentNumber") };
  const document = { name: "document_sha256", label: t("books.document") };
  const adjusted = { name: "adjusted", label: t("books.adjusted") };
  const amount = { name: "adjusted_amount", label: t("books.adjustedAmount") };
  const reason = { name: "adjusted_reason", label: t("books.adjustedReason") };
  const finding = { name: "adjusted_document", label: t("books.adjustedDocument") };
  const optional = true;
  return (
    <ActButton
      act="revenue.permit"
      command="permit_revenue"
      title={t("books.permit")}
      fields={[
        {
          kind: "select",
          name: "agreement",
          label: t("books.agreement"),
          options: agreements.map(({ id, title }) => ({ value: id, label: title })),
        },
        { kind: "date", name: "from", label: t("common.from") },
        { kind: "date", name: "until", label: t("common.until") },
        { kind: "money", name: "cost", label: t("books.cost") },
        { kind: "money", name: "base", label: t("books.base") },
        { kind: "integer", name: "rate", label: t("books.rateBasisPoints") },
        { kind: "money", name: "taxes", label: t("books.taxes") },
        { kind: "area", name: "basis", label: t("books.basis") },
        {
          kind: "select",
          name: "replaces",
          label: t("books.replaces"),
          options: named(periods.filter(({ settled }) => !settled)),
          optional,
        },
        { kind: "text", ...number, optional, with: [document] },
        { kind: "file", ...document, optional, with: [number] },
        {
          kind: "select",
          ...adjusted,
          options: named(periods.filter(({ settled }) => settled)),
          optional,
          with: [amount, reason, finding],
        },
        { kind: "money", ...amount, optional, with: [adjusted, reason, finding] },
        { kind: "area", ...reason, optional, with: [adjusted, amount, finding] },
        { kind: "file", ...finding, optional, with: [adjusted, amount, reason] },
      ]}
      build={permitOf}
    />
  );
}

function One({ revenue }: { revenue: Revenue }) {
  const { t } = useTranslation();
  const { id, agreement, from, until, trial, sales } = revenue;
  const money = (amount: string) => t("common.yuan", { amount });
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {agreement.name} · {t("books.span", { from, until })}
        {trial && t("books.trial")}
      </h2>
      <Descriptions
        bordered
        size="small"
        column={{ xs: 1, sm: 2, lg: 4 }}
        items={[
          { key: "cost", label: t("books.cost"), children: money(revenue.cost) },
          { key: "base", label: t("books.base"), children: money(revenue.base) },
          { key: "rate", label: t("books.rate"), children: `${revenue.rate / 100}%` },
          { key: "taxes", label: t("books.taxes"), children: money(revenue.taxes) },
          { key: "deducted", label: t("books.deducted"), children: money(revenue.deducted) },
          { key: "maximum", label: t("books.maximum"), children: money(revenue.maximum) },
          {
            key: "metered",
            label: t("books.meteredRevenue"),
            children: revenue.metered ? money(revenue.metered) : t("common.none"),
          },
          { key: "check", label: t("books.check"), children: <Check of={revenue} /> },
        ]}
      />
      <p>{t("books.basisOf", { basis: revenue.basis })}</p>
      <Documents of={revenue} />
      <Acts revenue={revenue} />
      <Paper of="permitted-revenue" id={id} />
      <Notices of={id} />
      {sales.length > 0 && <Sales of={sales} />}
    </section>
  );
}

/** By which document it was verified, and what of an earlier period it makes good. */
function Documents({ of }: { of: Revenue }) {
  const { t } = useTranslation();
  const { document_number: number, document_sha256: document, adjustment } = of;
  return (
    <>
      {document && (
        <p>
          {t("books.verifiedBy", { number: number ?? "" })} <FileHash sha256={document} />
        </p>
      )}
      {adjustment && (
        <p>
          {t("books.adjustmentOf", adjustment)} <FileHash sha256={adjustment.document_sha256} />
        </p>
      )}
    </>
  );
}

function Check({ of }: { of: Revenue }) {
  const { t } = useTranslation();
  if (!of.settled) return <span className="state-wait">{t("books.notSettled")}</span>;
  const { earned, excess } = of.settled;
  const over = fen(excess) > 0n;
  return (
    <span className={over ? "state-bad" : "state-good"}>
      {t(over ? "books.over" : "books.within", { earned, excess })}
    </span>
  );
}

function Acts({ revenue }: { revenue: Revenue }) {
  const { t } = useTranslation();
  const mayCeil = useMay("price.ceilings");
  if (revenue.settled || revenue.replaced_by) return null;
  return (
    <div className="bar">
      <ActButton
        act="revenue.settle"
        command="settle_revenue"
        title={t("books.settle")}
        of={{ revenue: revenue.id }}
        revision={revenue.revision}
        fields={[
          { kind: "money", name: "earned", label: t("books.earned") },
          { kind: "area", name: "basis", label: t("books.basis") },
        ]}
        initial={{ earned: revenue.metered ?? "" }}
      />
      {mayCeil && (
        <Link to="/acts" search={{ act: "price.ceilings" }}>
          {t("books.ceilings")}
        </Link>
      )}
    </div>
  );
}

function Sales({ of }: { of: Sale[] }) {
  const { t } = useTranslation();
  return (
    <Table<Sale>
      size="small"
      rowKey={({ product }) => product.id}
      pagination={false}
      dataSource={of}
      columns={[
        { title: t("books.product"), render: (_, { product }) => product.name },
        {
          title: t("market.ceiling"),
          align: "right",
          render: (_, { ceiling }) => t("common.yuan", { amount: ceiling }),
        },
        { title: t("books.expected"), dataIndex: "expected", align: "right" },
      ]}
    />
  );
}
