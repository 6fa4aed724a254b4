/** Plans: their text, what changed from version to version, the opinions of the review with their answers. */
import { Descriptions, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { usePlans } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notified } from "../../shell/Notified";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { beijing } from "../../shell/time";
import { actsOn } from "./acts";
import { Opinions } from "./Opinions";
import { Versions } from "./Versions";

export default function Plans() {
  const { t } = useTranslation();
  const plans = usePlans();
  return (
    <Page title={t("plans.title")}>
      <div className="bar">
        <ActLinks acts={["plan.draft"]} of={[]} />
      </div>
      <Loaded of={plans} empty={t("plans.empty")}>
        {(items) => items.map((plan) => <One key={plan.id} plan={plan} />)}
      </Loaded>
    </Page>
  );
}

function One({ plan }: { plan: Schemas["Plan"] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby={plan.id}>
      <h2 id={plan.id}>
        {plan.title} · {t(`plans.states.${plan.state as keyof Words["plans"]["states"]}`)}
      </h2>
      <div className="bar">
        <Paper of="plans" id={plan.id} />
        <ActLinks acts={actsOn(plan)} of={[plan.id]} />
      </div>
      <Tabs
        items={[
          { key: "text", label: t("plans.text"), children: <Sections of={plan.sections} /> },
          {
            key: "opinions",
            label: t("plans.opinions", { count: plan.opinions.length }),
            children: <Opinions plan={plan} />,
          },
          {
            key: "versions",
            label: t("plans.versions", { count: plan.versions.length }),
            children: <Versions of={plan.versions} />,
          },
          { key: "review", label: t("plans.review"), children: <Review of={plan} /> },
        ]}
      />
    </section>
  );
}

function Sections({ of }: { of: Schemas["PlanSection"][] }) {
  return of.map(({ name, text }) => (
    <section key={name}>
      <h3>{name}</h3>
      <p className="prose">{text}</p>
    </section>
  ));
}

function Review({ of }: { of: Schemas["Plan"] }) {
  const { t } = useTranslation();
  const none = t("common.none");
  const { panel, comment, conclusion, decision } = of;
  return (
    <Descriptions
      bordered
      size="small"
      column={1}
      items={[
        { key: "agency", label: t("plans.agency"), children: of.agency.name },
        {
          key: "panel",
          label: t("plans.panel"),
          children: panel
            ? panel.experts.map((expert) => (
                <div key={expert.name}>
                  {expert.name}
                  {expert.name === panel.leader ? t("plans.leader") : ""}
                  {t("marks.comma")}
                  {expert.works_for}
                  {t("marks.comma")}
                  {expert.speciality}
                </div>
              ))
            : none,
        },
        {
          key: "comment",
          label: t("plans.comment"),
          children: comment ? <Notified of={comment} /> : none,
        },
        {
          key: "conclusion",
          label: t("plans.conclusion"),
          children: conclusion
            ? `${conclusion.text} ${t("plans.votes", { favour: conclusion.in_favour, against: conclusion.against })}`
            : none,
        },
        {
          key: "decision",
          label: t("plans.decision"),
          children: decision ? (
            <>
              {decision.meeting}
              {t("marks.comma")}
              <FileHash sha256={decision.minutes_sha256} />
            </>
          ) : (
            none
          ),
        },
        ...of.failed.map((failed) => ({
          key: `failed ${failed.at}`,
          label: t("plans.failed", { version: failed.version }),
          children: `${beijing(failed.at)} ${failed.conclusion?.text ?? failed.decision?.meeting ?? ""}`,
        })),
        { key: "number", label: t("plans.number"), children: of.document_number ?? none },
      ]}
    />
  );
}
