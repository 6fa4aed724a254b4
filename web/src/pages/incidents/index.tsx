/** Incidents: their duties with the clocks, what was done, and what was learnt. */

import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useIncidents, useMay } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
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

/** A false alarm has ended as well, with nothing that could be learnt from it. */
function stands({ closed, retracted }: Pick<Schemas["Incident"], "closed" | "retracted">) {
  if (retracted) return "retracted";
  return closed ? "closed" : "open";
}

function One({ incident }: { incident: Schemas["Incident"] }) {
  const { t } = useTranslation();
  const { id, title, drill, level } = incident;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title}
        {drill ? t("incidents.drill") : ""} · {t(`incidents.levels.${level as keyof Words["incidents"]["levels"]}`)} ·{" "}
        {t(`incidents.${stands(incident)}`)}
      </h2>
      <Reported incident={incident} />
      <Duties of={incident.duties} />
      <Ended incident={incident} />
      <div className="bar">
        <a href={`/api/v1/incidents/${id}/report`} download={`${title}.md`}>
          {t("incidents.draft")}
        </a>
        <Paper of="incidents" id={id} />
        {stands(incident) === "open" && <ActLinks acts={ACTS} of={[id]} />}
      </div>
      <Notices of={id} />
    </section>
  );
}

/** What was reported: by whom, of which system, when, and what happened. */
function Reported({ incident }: { incident: Schemas["Incident"] }) {
  const { t } = useTranslation();
  const { by, system, discovered, reported, facts, scenarios } = incident;
  const items = [
    { key: "by", label: t("incidents.by"), children: by.name },
    {
      key: "system",
      label: t("incidents.system"),
      children: t(`incidents.systems.${system as keyof Words["incidents"]["systems"]}`),
    },
    { key: "discovered", label: t("incidents.discovered"), children: beijing(discovered) },
    { key: "reported", label: t("incidents.reported"), children: beijing(reported) },
    { key: "facts", label: t("incidents.facts"), children: facts, span: "filled" as const },
    ...(scenarios.length > 0
      ? [
          {
            key: "scenarios",
            label: t("incidents.scenarios"),
            children: scenarios.map(({ name }) => name).join(t("marks.list")),
            span: "filled" as const,
          },
        ]
      : []),
  ];
  return <Descriptions size="small" column={{ xs: 1, md: 2 }} items={items} />;
}

/** How it ended, after what was done: its cause and what was learnt; of a false alarm, why it is none. */
function Ended({ incident }: { incident: Schemas["Incident"] }) {
  const { t } = useTranslation();
  const { closed, retracted } = incident;
  const items = retracted
    ? [{ key: "retracted", label: t("incidents.falseAlarm"), children: retracted }]
    : closed
      ? [
          { key: "cause", label: t("incidents.cause"), children: closed.cause },
          { key: "lessons", label: t("incidents.lessons"), children: closed.lessons },
        ]
      : [];
  if (items.length === 0) return null;
  return <Descriptions className="below" size="small" column={1} items={items} />;
}

type Duty = Schemas["IncidentDuty"];

function Duties({ of }: { of: Duty[] }) {
  const { t } = useTranslation();
  const state = ({ done, recorded, late }: Duty) => {
    const said = done ? t("incidents.done", { at: beijing(done) }) : t("incidents.waiting");
    // Done before it was put on record: an authority may be told by telephone first.
    const afterwards = done && recorded && recorded !== done ? t("incidents.recorded", { at: beijing(recorded) }) : "";
    return `${said}${afterwards}${late ? t("incidents.late") : ""}`;
  };
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
        { title: t("incidents.papers"), render: (_, duty) => <Papers of={duty} /> },
      ]}
    />
  );
}

/** What was sent, and what shows when it was done. */
function Papers({ of }: { of: Duty }) {
  const { t } = useTranslation();
  const { document_sha256: sent, evidence_sha256: shown } = of;
  return (
    <>
      {sent && (
        <div>
          {t("incidents.sent")} <FileHash sha256={sent} />
        </div>
      )}
      {shown && (
        <div>
          {t("incidents.shown")} <FileHash sha256={shown} />
        </div>
      )}
    </>
  );
}
