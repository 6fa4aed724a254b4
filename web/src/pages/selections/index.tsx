/** Selections of the operator: conditions, applicants in their order, the candidate, objections, the result. */

import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useMay, useSelections, useSession } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Notified } from "../../shell/Notified";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { day } from "../../shell/time";
import { actsOn } from "./acts";

type Applicant = Schemas["SelectionApplicant"];
type Objection = Schemas["SelectionObjection"];

export default function Selections() {
  const { t } = useTranslation();
  const selections = useSelections();
  const mayAnnounce = useMay("selection.announce");
  return (
    <Page title={t("selections.title")}>
      {mayAnnounce && (
        <div className="bar">
          <Link to="/acts" search={{ act: "selection.announce" }}>
            {t("selections.announce")}
          </Link>
        </div>
      )}
      <Loaded of={selections} empty={t("selections.empty")}>
        {(items) => [...items].reverse().map((selection) => <One key={selection.id} selection={selection} />)}
      </Loaded>
    </Page>
  );
}

function One({ selection }: { selection: Schemas["Selection"] }) {
  const { t } = useTranslation();
  const none = t("common.none");
  const own = useSession().data?.party.id;
  const { candidate, selected, failed } = selection;
  const open = failed ? t("selections.failed", { reason: failed }) : t("selections.underWay");
  const outcome = selected ? selected.name : open;
  return (
    <section aria-labelledby={selection.id}>
      <h2 id={selection.id}>
        {selection.title} · {outcome}
      </h2>
      <Descriptions
        bordered
        size="small"
        column={1}
        items={[
          { key: "plan", label: t("selections.plan"), children: selection.plan.name },
          {
            key: "method",
            label: t("selections.method"),
            children: t(`selections.methods.${selection.method as keyof Words["selections"]["methods"]}`),
          },
          {
            key: "term",
            label: t("selections.term"),
            children: <Notified of={selection} />,
          },
          {
            key: "conditions",
            label: t("selections.conditions"),
            children: Object.entries(selection.conditions).map(([name, asks]) => (
              <div key={name}>
                {name}
                {t("marks.colon")}
                {asks}
              </div>
            )),
          },
          {
            key: "criteria",
            label: t("selections.criteria"),
            children: selection.criteria.map(({ name, asks, points }) => (
              <div key={name}>{t("selections.criterion", { name, asks, points })}</div>
            )),
          },
          ...(selection.agreements.length > 0
            ? [
                {
                  key: "agreements",
                  label: t("selections.agreements"),
                  children: selection.agreements.map(({ name }) => name).join(t("marks.list")),
                },
              ]
            : []),
          { key: "panel", label: t("selections.panel"), children: selection.panel.join(t("marks.list")) || none },
          {
            key: "candidate",
            label: t("selections.candidate"),
            children: candidate ? (
              <>
                {candidate.party.name}
                {t("marks.comma")}
                <Notified of={candidate} />
              </>
            ) : (
              none
            ),
          },
        ]}
      />
      <div className="bar">
        <Paper of="selections" id={selection.id} />
        <ActLinks acts={actsOn(selection, own, day())} of={[selection.id]} />
      </div>
      <Notices of={selection.id} />
      <Applicants of={selection.applicants} most={most(selection)} />
      {selection.objections.length > 0 && <Objections of={selection.objections} />}
    </section>
  );
}

/** What an applicant can have: the points of all criteria from each of the panel. */
function most({ criteria, panel }: Schemas["Selection"]) {
  return criteria.reduce((sum, { points }) => sum + points, 0) * panel.length;
}

function Applicants({ of, most }: { of: Applicant[]; most: number }) {
  const { t } = useTranslation();
  const state = ({ qualified, set_aside }: Applicant) => {
    if (set_aside) return t("selections.setAside");
    if (qualified == null) return t("selections.waiting");
    return qualified ? t("selections.qualified") : t("selections.unqualified");
  };
  return (
    <Table<Applicant>
      size="small"
      rowKey={({ party }) => party.id}
      pagination={false}
      dataSource={of}
      columns={[
        { title: t("selections.applicant"), render: (_, { party }) => party.name },
        { title: t("common.status"), render: (_, applicant) => state(applicant) },
        { title: t("common.reason"), dataIndex: "reason" },
        { title: t("files.evidence"), render: (_, { evidence }) => <Evidence of={evidence} /> },
        { title: t("selections.check"), render: (_, { check }) => <Checked of={check} /> },
        {
          title: t("selections.total"),
          align: "right",
          render: (_, { total }) => (total == null ? t("common.none") : `${total} / ${most}`),
        },
      ]}
    />
  );
}

/** What the agency found of the applicant's record; nothing of it where it is not for whoever looks. */
function Checked({ of }: { of: Applicant["check"] }) {
  const { t } = useTranslation();
  if (!of) return <>{t("common.none")}</>;
  const { day, last_blemish: found, contradicts, document_sha256: report } = of;
  return (
    <>
      {found ? t("selections.found", { day, found }) : t("selections.clean", { day })}
      {contradicts && t("selections.contradicts")} <FileHash sha256={report} />
    </>
  );
}

/** What an applicant shows, by condition; nothing of it where it is not for whoever looks. */
function Evidence({ of }: { of: Applicant["evidence"] }) {
  const { t } = useTranslation();
  const shown = Object.entries(of);
  if (shown.length === 0) return <>{t("common.none")}</>;
  return shown.map(([condition, sha256]) => (
    <div key={condition}>
      {condition}
      {t("marks.colon")}
      <FileHash sha256={sha256} />
    </div>
  ));
}

function Objections({ of }: { of: Objection[] }) {
  const { t } = useTranslation();
  const state = ({ upheld, due, late }: Objection) => {
    const said =
      upheld == null ? t("selections.answerBy", { due }) : t(upheld ? "selections.upheld" : "selections.rejected");
    return late ? `${said}${t("selections.late")}` : said;
  };
  return (
    <Table<Objection>
      size="small"
      rowKey="number"
      pagination={false}
      dataSource={of}
      columns={[
        { title: t("selections.objector"), dataIndex: "objector" },
        { title: t("common.reason"), dataIndex: "reason" },
        { title: t("common.status"), render: (_, objection) => state(objection) },
        { title: t("selections.answer"), dataIndex: "answer" },
      ]}
    />
  );
}
