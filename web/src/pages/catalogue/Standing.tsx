/** How a resource stands: how much there is, of what special kind it is and what was approved, how good its data is. */
import { Link } from "@tanstack/react-router";
import { Alert, Card, Descriptions, Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useSession } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import { usePick } from "../../i18n";
import type { Words } from "../../i18n/zh";
import { stacked } from "../../shell/stacked";
import { beijing } from "../../shell/time";
import { clearancesOf, entryOf } from "./entry";

type Resource = Schemas["Resource"];
type Measure = Schemas["QualityMeasure"];

/** Why nobody uses it any more. */
export function Withdrawn({ of }: { of: Resource }) {
  const { t } = useTranslation();
  const withdrawn = of.withdrawn as { at: string; reason: string } | null | undefined;
  if (!withdrawn) return null;
  const { at, reason } = withdrawn;
  return <Alert type="warning" showIcon title={t("catalogue.withdrawn", { at: beijing(at), reason })} />;
}

/** That a change is to be registered, and by when. */
export function ChangeDue({ of }: { of: Resource }) {
  const { t } = useTranslation();
  if (!of.change_due) return null;
  const { changed, due, late } = of.change_due;
  const what = t(`catalogue.changed.${changed as keyof Words["catalogue"]["changed"]}`);
  const title = `${t("catalogue.changeDue", { what, due })}${late ? t("catalogue.changeLate") : ""}`;
  return <Alert type={late ? "error" : "info"} showIcon title={title} />;
}

export function Volume({ of }: { of: Resource }) {
  const { t } = useTranslation();
  const entry = entryOf(of);
  const rows = of.versions.at(-1)?.rows.toLocaleString() ?? "—";
  const { span, sharing, opening, low_sensitive: low } = entry;
  const none = t("common.none");
  const items = [
    { key: "rows", label: t("catalogue.rows"), children: rows },
    { key: "updated", label: t("catalogue.updated"), children: of.updated ? beijing(of.updated) : none },
    { key: "volume", label: t("catalogue.volume"), children: entry.volume || none },
    {
      key: "span",
      label: t("catalogue.span"),
      children: span ? t("rules.span", { from: span.from, until: span.until ?? "…" }) : none,
    },
    { key: "sharing", label: t("catalogue.sharing"), children: sharing ? t(`catalogue.terms.${sharing}`) : none },
    { key: "opening", label: t("catalogue.opening"), children: opening ? t(`catalogue.terms.${opening}`) : none },
    { key: "standard", label: t("catalogue.qualityStandard"), children: entry.quality_standard || none },
    ...(low
      ? [
          {
            key: "low",
            label: t("catalogue.lowSensitive"),
            children: (
              <>
                {t("catalogue.risk", { percent: low.risk_basis_points / 100 })} <FileHash sha256={low.report_sha256} />
              </>
            ),
          },
        ]
      : []),
  ];
  return <Descriptions size="small" column={{ xs: 1, md: 2 }} items={items} />;
}

/** Kinds of data that enter authorized operation only with more than the provider's word, and the approvals on record. */
export function Special({ of }: { of: Resource }) {
  const { t } = useTranslation();
  const { important, core, shared_from: from, sensitive } = of;
  const clearances = clearancesOf(of);
  const kinds = [
    ...(core ? [t("catalogue.isCore")] : []),
    ...(important ? [t("catalogue.isImportant")] : []),
    ...(from ? [t("catalogue.isShared", { from })] : []),
    ...(sensitive.length > 0 ? [t("catalogue.hasSensitive", { fields: sensitive.join(t("marks.list")) })] : []),
  ];
  if (kinds.length === 0 && clearances.length === 0) return <p>{t("catalogue.ordinary")}</p>;
  return (
    <ul>
      {kinds.map((kind) => (
        <li key={kind}>{kind}</li>
      ))}
      {clearances.map(({ clearance, approval, authority, document_sha256: shown, until, withdrawn }) => (
        <li key={shown}>
          {t(`catalogue.clearances.${clearance}`)}
          {t("marks.colon")}
          {approval}
          {t("marks.comma")}
          {authority} <FileHash sha256={shown} />
          {until && t("catalogue.clearedUntil", { until })}
          {withdrawn && (
            <>
              {t("catalogue.clearanceWithdrawn", { day: beijing(withdrawn.at), reason: withdrawn.reason })}{" "}
              <FileHash sha256={withdrawn.document_sha256} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The last measure of each dimension, against what the packs ask for. */
export function Quality({ of }: { of: Resource }) {
  const { t } = useTranslation();
  const signedIn = useSession().data != null;
  return (
    <Card title={<h2>{t("quality.standing")}</h2>}>
      {of.quality.length === 0 ? <p>{t("quality.unmeasured")}</p> : <Measures of={of.quality} />}
      {signedIn && (
        <div className="bar" style={{ marginTop: 16 }}>
          <Link to="/quality">{t("quality.orders")}</Link>
        </div>
      )}
    </Card>
  );
}

const percent = (basisPoints: number) => `${(basisPoints / 100).toFixed(2)}%`;

export function Measures({ of }: { of: Measure[] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const short = ({ basis_points: points, basis_points_min: least }: Measure) => least != null && points < least;
  const columns = stacked<Measure>([
    { title: t("quality.dimension"), render: (_, { name }) => pick(name) },
    {
      title: t("quality.measured"),
      render: (_, measure) => (
        <span className={short(measure) ? "state-bad" : ""}>
          {t("quality.proportion", { percent: percent(measure.basis_points), held: measure.held, of: measure.of })}
          {short(measure) ? t("quality.short") : ""}
        </span>
      ),
    },
    {
      title: t("quality.least"),
      render: (_, { basis_points_min: least }) => (least == null ? t("common.none") : percent(least)),
    },
    {
      title: t("quality.how"),
      render: (_, { check }) =>
        check ? (
          <>
            {check.method}
            {t("marks.comma")}
            {check.by.name} <FileHash sha256={check.document_sha256} />
          </>
        ) : (
          t("quality.byPlatform")
        ),
    },
  ]);
  return <Table size="small" rowKey="dimension" pagination={false} dataSource={of} {...columns} />;
}
