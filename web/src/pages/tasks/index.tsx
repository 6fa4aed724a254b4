import { Link } from "@tanstack/react-router";
import { Empty, Table } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useTasks } from "../../api/queries";
import { usePick } from "../../i18n";
import { Loaded, Page } from "../../shell/Page";
import { stacked } from "../../shell/stacked";
import { placeOfTask } from "./place";

export default function Tasks() {
  const { t } = useTranslation();
  const pick = usePick();
  const tasks = useTasks();
  return (
    <Page title={t("tasks.title")}>
      {tasks.data?.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("tasks.empty")} />
      ) : (
        <Loaded of={tasks}>
          {(items) => (
            <Table
              size="small"
              rowKey={(task) => `${task.act} ${task.subject.id} ${task.subject.resource ?? ""}`}
              pagination={false}
              dataSource={items}
              {...stacked<Schemas["Task"]>([
                { title: t("live.event"), render: (_, task) => pick(task.text) },
                { title: t("common.actions"), render: (_, task) => <Doing task={task} /> },
              ])}
            />
          )}
        </Loaded>
      )}
    </Page>
  );
}

function Doing({ task }: { task: Schemas["Task"] }) {
  const { t } = useTranslation();
  const { id, resource, revision } = task.subject;
  switch (task.act) {
    case "scenario.grant":
      return (
        <ActButton
          act={task.act}
          command="grant_scenario"
          title={t("tasks.grant")}
          of={{ scenario: id }}
          revision={revision}
          kind="primary"
        />
      );
    case "agreement.sign":
      return (
        <ActButton
          act={task.act}
          command="sign_agreement"
          title={t("tasks.sign")}
          of={{ agreement: id }}
          revision={revision}
          kind="primary"
        />
      );
    case "approval.give":
      return (
        <div className="bar" style={{ marginBottom: 0 }}>
          <ActButton
            act="approval.give"
            command="approve_resource"
            title={t("tasks.approve")}
            of={{ scenario: id, resource }}
            kind="primary"
          />
          <ActButton
            act="approval.decline"
            command="decline_resource"
            title={t("tasks.decline")}
            of={{ scenario: id, resource }}
            fields={[{ kind: "text", name: "reason", label: t("common.reason") }]}
          />
        </div>
      );
    default:
      return <Link {...placeOfTask(task)}>{t("tasks.open")}</Link>;
  }
}
