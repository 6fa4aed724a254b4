/** Incidents: their duties with the clocks, what was done, and what was learnt. */

import { Link } from "@tanstack/react-router";
import { Descriptions, Table } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useIncidents, useMay } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { beijing } from "../../shell/time";

/** What is done about an incident that has not ended; what turns out to be none is retracted. */
const ACTS = ["incident.grade", "incident.fulfil", "incident.close", "incident.retract"];

export default function Incidents() {
  const { t } = useTranslation();
  const incidents = useIncidents();
  const mayReport = useMay("incident.report");
  return (
    <Page title={t("incidents.title")}>
      {mayReport && (
        <div className="bar">
          <Link to="/acts" search={{ act: "incident.report" }}>
            {t("incidents.report")}
          </Link>
        </div>
      )}
      <Loaded of={incidents} empty={t("incidents.empty")}>
        {(items) => [...items].reverse().map((incident) => <One key={incident.id} incident={incident} />)}
      </Loaded>
    </Page>
  );
}

function One({ incident }: { incident: Schemas["Incident"] }) {
  const { t } = useTranslation();
  const { id, title, drill, level, closed } = incident;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title}
        {drill ? t("incidents.drill") : ""} · {t(`incidents.levels.${level as keyof Words["incidents"]["levels"]}`)} ·{" "}
        {closed ? t("incidents.closed") : t("incidents.open")}
      </h2>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "by", label: t("incidents.by"), children: incident.by.name },
          { key: "discovered", label: t("incidents.discovered"), children: beijing(incident.discovered) },
          { key: "facts", label: t("incidents.facts"), children: incident.facts },
          ...(closed
            ? [
                { key: "cause", label: t("incidents.cause"), children: closed.cause },
                { key: "lessons", label: t("incidents.lessons"), children: closed.lessons },
              ]
            : []),
        ]}
      />
      <Duties of={incident.duties} />
      <div className="bar">
        <a href={`/api/v1/incidents/${id}/report`} download={`${title}.md`}>
          {t("incidents.draft")}
        </a>
        <Paper of="incidents" id={id} />
        {!closed && <ActLinks acts={ACTS} of={[id]} />}
      </div>
      <Notices of={id} />
    </section>
  );
}

type Duty = Schemas["IncidentDuty"];

function Duties({ of }: { of: Duty[] }) {
  const { t } = useTranslation();
  const state = ({ done, late }: Duty) =>
    `${done ? t("incidents.done", { at: beijing(done) }) : t("incidents.waiting")}${late ? t("incidents.late") : ""}`;
  return (
    <Table<Duty>
      size="small"
      rowKey="duty"
      pagination={false}
      dataSource={of}
      columns={[
        {
          title: t("incidents.duty"),
          render: (_, { duty }) => t(`incidents.duties.${duty as keyof Words["incidents"]["duties"]}`),
        },
        { title: t("incidents.due"), render: (_, { due }) => beijing(due) },
        { title: t("common.status"), render: (_, duty) => state(duty) },
        { title: t("incidents.how"), dataIndex: "how" },
      ]}
    />
  );
}
