/** Yearly assessments: indicators with what the record says of each, total, grade, appeal. */

import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useAssessments, useMay } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { actsOn } from "./acts";

type Indicator = Schemas["AssessmentIndicator"];

export default function Assessments() {
  const { t } = useTranslation();
  const assessments = useAssessments();
  const mayOpen = useMay("assessment.open");
  return (
    <Page title={t("assessments.title")}>
      {mayOpen && (
        <div className="bar">
          <Link to="/acts" search={{ act: "assessment.open" }}>
            {t("assessments.open")}
          </Link>
        </div>
      )}
      <Loaded of={assessments} empty={t("assessments.empty")}>
        {(items) => [...items].reverse().map((assessment) => <One key={assessment.id} assessment={assessment} />)}
      </Loaded>
    </Page>
  );
}

function One({ assessment }: { assessment: Schemas["Assessment"] }) {
  const { t } = useTranslation();
  const { id, year, operator, grade, total } = assessment;
  const none = t("common.none");
  const stands = grade
    ? t("assessments.stands", {
        total,
        grade: t(`assessments.grades.${grade as keyof Words["assessments"]["grades"]}`),
      })
    : t("assessments.underWay", { due: assessment.due });
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {t("assessments.of", { operator: operator.name, year })} · {stands}
        {assessment.failed ? t("assessments.toRectify") : ""}
      </h2>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "assessor", label: t("assessments.assessor"), children: assessment.assessor.name },
          { key: "conclusion", label: t("assessments.conclusion"), children: assessment.conclusion ?? none },
          { key: "appeal", label: t("assessments.appeal"), children: assessment.appeal ?? none },
          { key: "answer", label: t("assessments.answer"), children: assessment.answer ?? none },
        ]}
      />
      <div className="bar">
        <Paper of="assessments" id={id} />
        <ActLinks acts={actsOn(assessment)} of={[id]} />
      </div>
      <Notices of={id} />
      <Table<Indicator>
        size="small"
        rowKey="name"
        pagination={false}
        dataSource={assessment.indicators}
        columns={[
          { title: t("assessments.indicator"), dataIndex: "name" },
          { title: t("assessments.weight"), dataIndex: "weight", align: "right" },
          {
            title: t("assessments.figure"),
            align: "right",
            render: (_, { figure }) => figure ?? t("assessments.byEvidence"),
          },
          { title: t("assessments.points"), align: "right", render: (_, { points }) => points ?? none },
          { title: t("assessments.finding"), dataIndex: "finding" },
          { title: t("files.evidence"), render: (_, { document_sha256: shown }) => <FileHash sha256={shown} /> },
        ]}
      />
    </section>
  );
}
