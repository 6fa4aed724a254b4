import { Button, Descriptions, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDistrict } from "../../api/queries";
import { save } from "../../shell/save";
import type { Verdict } from "../../verify";
import { VerdictView } from "../verify/VerdictView";
import type { AnswerFile } from "./answerFile";

export function AnswerView({ file }: { file: AnswerFile }) {
  const { t } = useTranslation();
  const { columns, rows, suppressed } = file.answer;
  const shown = (value: unknown) => (value === null ? "—" : String(value));
  return (
    <>
      <Table
        size="small"
        rowKey={(row) => String(rows.indexOf(row))}
        dataSource={rows}
        pagination={{ pageSize: 12, hideOnSinglePage: true }}
        scroll={{ x: "max-content" }}
        columns={columns.map((column, at) => ({
          title: column.name,
          key: column.name,
          render: (_: unknown, row: unknown[]) => shown(row[at]),
        }))}
      />
      <p>
        {t("market.rows", { count: rows.length })}
        {suppressed !== null && suppressed > 0 && `${t("marks.comma")}${t("market.suppressed", { count: suppressed })}`}
      </p>
    </>
  );
}

export function ReceiptView({ file }: { file: AnswerFile }) {
  const { t } = useTranslation();
  const district = useDistrict();
  const [verdict, setVerdict] = useState<{ of: AnswerFile; is: Verdict }>();
  const check = async () => {
    const { verify } = await import("../../verify");
    setVerdict({ of: file, is: verify(file.text, { key: district.data?.log_key }) });
  };
  return (
    <div className="stack">
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "index", label: t("market.index"), children: file.receipt.index },
          { key: "fee", label: t("market.fee"), children: t("common.yuan", { amount: file.fee }) },
        ]}
      />
      <div className="bar">
        <Button onClick={check}>{t("market.verify")}</Button>
        <Button onClick={() => save(new Blob([file.text], { type: "application/json" }), `${file.id}.json`)}>
          {t("market.save")}
        </Button>
      </div>
      {verdict?.of === file && <VerdictView verdict={verdict.is} />}
      <details>
        <summary>{t("market.proof")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="mono scroll" tabIndex={0}>
          {file.receipt.proof}
        </pre>
      </details>
      <details>
        <summary>{t("market.openings")}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre className="mono scroll" tabIndex={0}>
          {JSON.stringify(file.receipt.openings, null, 2)}
        </pre>
      </details>
    </div>
  );
}
