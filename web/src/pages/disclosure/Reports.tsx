/** Yearly operating reports: what is owed until when, what the operator reported, and what the agency found. */
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useReports } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { Part } from "./Content";

type Report = Schemas["OperatingReport"];
type Said = Schemas["ReportContent"];

/** The section; nothing where there is nothing to show to the party. */
export function Reports() {
  const { t } = useTranslation();
  const reports = useReports();
  if (!reports.data || reports.data.length === 0) return null;
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t("report.title")}</h2>
      <p>{t("report.what")}</p>
      <Loaded of={reports}>{(items) => <ReportList of={items} />}</Loaded>
    </section>
  );
}

export function ReportList({ of }: { of: Report[] }) {
  const { t } = useTranslation();
  const state = ({ status, late }: Report) =>
    `${t(`report.states.${status as keyof Words["report"]["states"]}`)}${late ? t("disclosure.late") : ""}`;
  return (
    <Table<Report>
      size="small"
      rowKey={({ id, agreement, year }) => id ?? `${agreement.id} ${year}`}
      pagination={false}
      dataSource={of}
      expandable={{
        rowExpandable: ({ content }) => Boolean(content),
        expandedRowRender: ({ content }) => content && <ReportSays of={content} />,
      }}
      columns={[
        {
          title: t("report.agreement"),
          render: (_, { agreement, operator }) => (
            <>
              {agreement.name}
              <div>{operator.name}</div>
            </>
          ),
        },
        { title: t("disclosure.year"), dataIndex: "year" },
        { title: t("disclosure.due"), dataIndex: "due" },
        {
          title: t("common.status"),
          render: (_, item) => (
            <>
              {state(item)}
              {item.at && <div>{t("report.came", { at: beijing(item.at) })}</div>}
              {item.finding && <div>{t("report.finding", { finding: item.finding })}</div>}
            </>
          ),
        },
        {
          title: t("common.actions"),
          render: (_, { id, agreement, status }) => (
            <div className="stack">
              {(status === "owed" || status === "sent_back") && (
                <ActLinks acts={["report.submit"]} of={[agreement.id]} />
              )}
              {status === "submitted" && id && <ActLinks acts={["report.review"]} of={[id]} />}
              {id && <Paper of="reports" id={id} />}
            </div>
          ),
        },
      ]}
    />
  );
}

export function ReportSays({ of }: { of: Said }) {
  const { t } = useTranslation();
  const span = ({ from, until }: Schemas["Term"]) => `${from} – ${until}`;
  return (
    <>
      <p>{span(of.days)}</p>
      <p className="prose">{of.summary}</p>
      <Part
        title={t("report.sums")}
        heads={[t("report.charged"), t("report.cost"), t("report.taxes"), t("report.left")]}
        rows={[[of.charged, of.cost, of.taxes, of.left]]}
      />
      <p>
        {t("report.counts", {
          consumers: of.consumers,
          calls: of.calls,
          incidents: of.incidents,
          alerts: of.alerts,
          disputes: of.disputes,
          complaints: of.complaints,
        })}
      </p>
      <Part
        title={t("report.products")}
        heads={[t("disclosure.product"), t("report.calls"), t("disclosure.amount")]}
        rows={of.products.map(({ product, calls, charged }) => [product.name, calls.toLocaleString(), charged])}
      />
      <Part
        title={t("report.received")}
        heads={[t("report.party"), t("disclosure.amount")]}
        rows={of.received.map(({ party, amount }) => [party.name, amount])}
      />
      <Part
        title={t("report.permitted")}
        heads={[t("report.period"), t("disclosure.amount")]}
        rows={of.permitted.map(({ period, maximum }) => [span(period), maximum])}
      />
    </>
  );
}
