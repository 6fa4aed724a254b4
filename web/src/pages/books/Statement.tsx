/** A party's statement: one's own; of every party for whoever oversees. */
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { statementDocument, statementTable } from "../../api/documents";
import { useMay, useParties, useSession, useStatement } from "../../api/queries";
import { useLanguage } from "../../i18n";
import type { Words } from "../../i18n/zh";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { named } from "../chain/options";
import { LineKind, Reversal } from "./Reversal";

type Line = Schemas["StatementLine"];

export function Statement({ choose }: { choose: boolean }) {
  const { t } = useTranslation();
  const [language] = useLanguage();
  const own = useSession().data?.party.id ?? "";
  const parties = useParties().data;
  const [chosen, setChosen] = useState<string>();
  const party = chosen ?? own;
  const lines = useStatement(party);
  return (
    <>
      <div className="bar">
        {choose && (
          <>
            <label htmlFor="statement-of">{t("books.party")}</label>
            <Select
              id="statement-of"
              className="choose"
              value={party}
              options={named(parties)}
              showSearch={{ optionFilterProp: "label" }}
              onChange={setChosen}
            />
          </>
        )}
        {party && (
          <>
            <a href={statementDocument(party)} download={`statement-${party}.pdf`}>
              {t("books.statementPdf")}
            </a>
            <a href={statementTable(party, language)} download={`statement-${party}.csv`}>
              {t("books.statementCsv")}
            </a>
          </>
        )}
      </div>
      <Loaded of={lines} empty={t("books.noLines")}>
        {(items) => <Lines of={items} />}
      </Loaded>
    </>
  );
}

function Lines({ of }: { of: Line[] }) {
  const { t } = useTranslation();
  const mayReverse = useMay("books.reverse");
  return (
    <Table<Line>
      size="small"
      rowKey={(line) => `${line.at}${line.account}${line.kind}${line.subscription}${line.balance}`}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      dataSource={of}
      columns={[
        { title: t("books.at"), render: (_, { at }) => beijing(at) },
        { title: t("books.month"), dataIndex: "month" },
        {
          title: t("books.kind"),
          render: (_, line) => <LineKind line={line} />,
        },
        {
          title: t("books.account"),
          render: (_, { account }) => t(`books.accounts.${account as keyof Words["books"]["accounts"]}`),
        },
        { title: t("books.evidence"), dataIndex: "evidence" },
        { title: t("books.amountYuan"), dataIndex: "amount", align: "right" },
        { title: t("books.balanceYuan"), dataIndex: "balance", align: "right" },
        ...(mayReverse
          ? [
              {
                title: t("common.actions"),
                // Each movement of money stands once among what the operator holds.
                render: (_: unknown, line: Line) => line.account === "holds" && <Reversal line={line} />,
              },
            ]
          : []),
      ]}
    />
  );
}
