import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import { useConsents, useParties, useResources, useRuleList } from "../../api/queries";
import { Notices } from "../../shell/Notices";
import { State } from "../../shell/State";
import { Listed } from "./Listed";
import { day, named, plain } from "./options";

export function Consents() {
  const { t } = useTranslation();
  const consents = useConsents();
  const resources = useResources().data ?? [];
  /** What a subject consents to is told by what its fields mean. */
  const meaning = (resource: string) => (name: string) =>
    resources.find(({ id }) => id === resource)?.fields.find((field) => field.name === name)?.meaning ?? name;
  return (
    <>
      <div className="bar">
        <Give />
      </div>
      <Listed
        of={consents}
        empty={t("chain.noConsent")}
        columns={[
          { title: t("chain.subject"), render: (_, item) => item.subject.name },
          { title: t("chain.consumer"), render: (_, item) => item.consumer.name },
          { title: t("market.purpose"), dataIndex: "purpose" },
          { title: t("chain.consentResource"), render: (_, item) => item.resource.name },
          {
            title: t("chain.fields"),
            render: (_, item) => item.fields.map(meaning(item.resource.id)).join(t("marks.list")),
          },
          { title: t("chain.term"), render: (_, item) => `${item.term.from} – ${item.term.until}` },
          { title: t("common.status"), render: (_, item) => <State of={item.withdrawn ? "withdrawn" : "live"} /> },
          {
            title: t("common.actions"),
            render: (_, item) => (
              <>
                {!item.withdrawn && (
                  <ActButton
                    act="consent.withdraw"
                    command="withdraw_consent"
                    title={t("chain.withdraw")}
                    of={{ consent: item.id }}
                    danger
                  />
                )}
                <Notices of={item.id} />
              </>
            ),
          },
        ]}
      />
    </>
  );
}

function Give() {
  const { t } = useTranslation();
  const parties = useParties().data ?? [];
  const resources = useResources().data ?? [];
  const purposes = useRuleList("chain.purpose");
  const fieldsOf = (id: unknown) => {
    const fields = resources.find((item) => item.id === id)?.fields ?? [];
    return fields
      .filter(({ release }) => (release as { rule?: string } | null)?.rule === "consented")
      .map(({ name, meaning }) => ({ value: name, label: `${meaning}${t("marks.open")}${name}${t("marks.close")}` }));
  };
  return (
    <ActButton
      act="consent.give"
      command="give_consent"
      title={t("chain.give")}
      kind="primary"
      initial={{ from: day(), until: day(90) }}
      fields={[
        {
          kind: "select",
          name: "consumer",
          label: t("chain.consumer"),
          options: named(parties.filter(({ role }) => role === "consumer")),
        },
        { kind: "select", name: "purpose", label: t("market.purpose"), options: plain(purposes) },
        { kind: "select", name: "resource", label: t("chain.consentResource"), options: named(resources) },
        { kind: "many", name: "fields", label: t("chain.fields"), options: ({ resource }) => fieldsOf(resource) },
        { kind: "date", name: "from", label: t("common.from") },
        { kind: "date", name: "until", label: t("common.until") },
      ]}
      build={({ from, until, ...rest }) => ({ ...rest, term: { from, until } })}
    />
  );
}
