/** Disputes: claims, where each is dealt with, steps and what is due, interim measures, the end. */

import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useDisputes, useMay } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { Complaints } from "./Complaints";

type Dispute = Schemas["Dispute"];
type Step = Schemas["DisputeStep"];
/** What is done about a case that is open. */
const ACTS = ["dispute.step", "dispute.move", "dispute.measure", "dispute.lift", "dispute.close"];

export default function Disputes() {
  const { t } = useTranslation();
  const disputes = useDisputes();
  const mayOpen = useMay("dispute.open");
  return (
    <Page title={t("disputes.title")}>
      {mayOpen && (
        <div className="bar">
          <Link to="/acts" search={{ act: "dispute.open" }}>
            {t("disputes.open")}
          </Link>
        </div>
      )}
      <Loaded of={disputes} empty={t("disputes.empty")}>
        {(items) => [...items].reverse().map((dispute) => <One key={dispute.id} dispute={dispute} />)}
      </Loaded>
      <Complaints />
    </Page>
  );
}

function One({ dispute }: { dispute: Dispute }) {
  const { t } = useTranslation();
  const { id, ending, forum } = dispute;
  const names = (of: Schemas["Named"][]) => of.map(({ name }) => name).join(t("marks.list"));
  const none = t("common.none");
  const stands = ending
    ? t(`disputes.endings.${ending as keyof Words["disputes"]["endings"]}`)
    : t(`disputes.forums.${forum as keyof Words["disputes"]["forums"]}`);
  const from = dispute.due_from.length > 0 ? t("disputes.from", { names: names(dispute.due_from) }) : "";
  const due = dispute.due ? `${dispute.due}${from}${dispute.late ? t("disputes.late") : ""}` : none;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {dispute.title} · {stands}
      </h2>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "claimant", label: t("disputes.claimant"), children: dispute.claimant.name },
          { key: "respondents", label: t("disputes.respondents"), children: names(dispute.respondents) },
          { key: "claims", label: t("disputes.claims"), children: dispute.claims },
          { key: "facts", label: t("disputes.facts"), children: dispute.facts },
          { key: "scenarios", label: t("disputes.scenarios"), children: names(dispute.scenarios) || none },
          { key: "frozen", label: t("disputes.frozen"), children: names(dispute.frozen) || none },
          ...(ending
            ? [
                { key: "conclusion", label: t("disputes.conclusion"), children: dispute.conclusion },
                {
                  key: "document",
                  label: t("files.evidence"),
                  children: <FileHash sha256={dispute.document_sha256} />,
                },
              ]
            : [{ key: "due", label: t("disputes.due"), children: due }]),
        ]}
      />
      <div className="bar">
        <Paper of="disputes" id={id} />
        {!ending && <ActLinks acts={ACTS} of={[id]} />}
      </div>
      <Notices of={id} />
      <Table<Step>
        size="small"
        rowKey={({ at, step }) => `${at}${step}`}
        pagination={false}
        dataSource={dispute.steps}
        columns={[
          {
            title: t("disputes.step"),
            render: (_, { step }) => t(`disputes.steps.${step as keyof Words["disputes"]["steps"]}`),
          },
          { title: t("disputes.by"), render: (_, { by }) => by.name },
          { title: t("disputes.at"), render: (_, { at, late }) => `${beijing(at)}${late ? t("disputes.late") : ""}` },
          { title: t("disputes.facts"), dataIndex: "facts" },
          {
            title: t("files.evidence"),
            render: (_, { document_sha256: document }) => <FileHash sha256={document} />,
          },
          { title: t("disputes.evidence"), render: (_, { evidence }) => evidence ?? none },
        ]}
      />
    </section>
  );
}
