/** Partners: for which scenarios the operator has engaged them, until when, and how much of what is listed they made. */
import { useTranslation } from "react-i18next";
import { ActButton, ReasonedAct } from "../../acts/ActButton";
import { useEngagements, useParties, useScenarios } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import { Notices } from "../../shell/Notices";
import { Paper } from "../../shell/Paper";
import { State } from "../../shell/State";
import { beijing } from "../../shell/time";
import { Development } from "./Development";
import { Listed } from "./Listed";
import { day, named } from "./options";

export function Partners() {
  const { t } = useTranslation();
  const engagements = useEngagements();
  const names = (items: { name: string }[]) => items.map(({ name }) => name).join(t("marks.list"));
  return (
    <>
      <div className="bar">
        <Engage />
      </div>
      <Development />
      <Listed
        of={engagements}
        empty={t("chain.noEngagement")}
        columns={[
          { title: t("chain.partner"), render: (_, item) => item.partner.name },
          { title: t("chain.operator"), render: (_, item) => item.operator.name },
          { title: t("chain.scenarios"), render: (_, item) => names(item.scenarios) },
          {
            title: t("chain.term"),
            render: (_, { term }) => (term ? `${term.from} – ${term.until}` : t("chain.asAgreement")),
          },
          { title: t("chain.submitted"), render: (_, item) => names(item.products) || "—" },
          {
            title: t("chain.liability"),
            render: (_, item) => <FileHash sha256={item.joint_liability_sha256} />,
          },
          {
            title: t("common.status"),
            render: (_, item) => (
              <>
                <State of={item.status} />
                {item.ended && (
                  <div>{t("chain.endedFor", { at: beijing(item.ended.at), reason: item.ended.reason })}</div>
                )}
              </>
            ),
          },
          {
            title: t("common.actions"),
            render: (_, item) => (
              <div className="stack">
                {!item.ended && (
                  <ReasonedAct
                    act="partner.end"
                    command="end_engagement"
                    title={t("chain.disengage")}
                    of={{ engagement: item.id }}
                    revision={item.revision}
                    danger
                  />
                )}
                <Paper of="engagements" id={item.id} />
                <Notices of={item.id} />
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

function Engage() {
  const { t } = useTranslation();
  const parties = useParties().data ?? [];
  const scenarios = useScenarios().data;
  return (
    <ActButton
      act="partner.engage"
      command="engage_partner"
      title={t("chain.engage")}
      kind="primary"
      initial={{ from: day(), until: day(180) }}
      fields={[
        {
          kind: "select",
          name: "partner",
          label: t("chain.partner"),
          options: named(parties.filter(({ role }) => role === "partner")),
        },
        { kind: "many", name: "scenarios", label: t("chain.scenarios"), options: named(scenarios) },
        { kind: "file", name: "joint_liability_sha256", label: t("chain.liability") },
        { kind: "date", name: "from", label: t("common.from") },
        { kind: "date", name: "until", label: t("common.until") },
      ]}
      build={({ from, until, ...rest }) => ({ engagement: { ...rest, term: { from, until } } })}
    />
  );
}
