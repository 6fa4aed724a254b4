/** What went wrong, with the rule that refused, its source and the remedy. */
import { Alert, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../api/client";
import { usePick } from "../i18n";

const ROWS_SHOWN_MAX = 20;

export function Problem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const pick = usePick();
  if (!error) return null;
  if (!(error instanceof ProblemError)) return <Alert role="alert" type="error" title={String(error)} />;
  const { refusal, detail, code, location, rows = [], receipt } = error.problem;
  const items = [
    ...(refusal
      ? [
          { key: "rule", label: t("problem.rule"), children: <span className="mono">{refusal.rule}</span> },
          { key: "source", label: t("problem.source"), children: `${refusal.source} ${refusal.article}` },
          { key: "remedy", label: t("problem.remedy"), children: pick(refusal.remedy) },
        ]
      : [{ key: "code", label: t("problem.rule"), children: <span className="mono">{code}</span> }]),
    ...(location ? [{ key: "location", label: "SQL", children: t("problem.location", location) }] : []),
    ...(receipt
      ? [
          {
            key: "receipt",
            label: t("market.receipt"),
            children: t(refusal ? "problem.receipt" : "problem.recorded", { index: receipt.index }),
          },
        ]
      : []),
  ];
  const description = (
    <>
      <Descriptions column={1} size="small" items={items} />
      {rows.length > 0 && (
        <ul aria-label={t("problem.rows")}>
          {rows.slice(0, ROWS_SHOWN_MAX).map((row) => (
            <li key={`${row.line}:${row.column}`}>
              {t("problem.row", row)}
              {row.field ? ` ${row.field}` : ""}
              {t("marks.colon")}
              {pick(row.message)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      title={refusal ? pick(refusal.message) : detail}
      description={description}
    />
  );
}
