/** Opinions one by one, with what became of each. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";
import { Table } from "../../shell/Table";

type Opinion = Schemas["Opinion"];

const verdict = (answer: Opinion["answer"]) => (answer?.verdict ?? "waiting") as keyof Words["plans"]["verdicts"];

export function Opinions({ plan }: { plan: Schemas["Plan"] }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="bar">
        <a href={`/api/v1/plans/${plan.id}/review`} download={`${plan.title}.md`}>
          {t("plans.table")}
        </a>
      </div>
      <Table<Opinion>
        size="small"
        rowKey="number"
        pagination={false}
        dataSource={plan.opinions}
        columns={[
          { title: t("plans.opinionNumber"), dataIndex: "number" },
          { title: t("plans.by"), render: (_, { expert }) => expert ?? t("plans.public") },
          { title: t("plans.section"), render: (_, { section }) => section ?? t("plans.whole") },
          { title: t("plans.opinion"), dataIndex: "text" },
          { title: t("plans.verdict"), render: (_, { answer }) => t(`plans.verdicts.${verdict(answer)}`) },
          { title: t("plans.why"), render: (_, { answer }) => answer?.reason },
          { title: t("plans.basis"), render: (_, { answer }) => answer?.basis },
        ]}
      />
    </>
  );
}
