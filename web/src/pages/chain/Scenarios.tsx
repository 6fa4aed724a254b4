import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import { useAgreements, useResources, useScenarios } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Paper } from "../../shell/Paper";
import { State } from "../../shell/State";
import { FreezeOrThaw } from "./FreezeOrThaw";
import { Listed } from "./Listed";
import { day, named, plain } from "./options";
import { ScenarioActs } from "./ScenarioActs";

export function Scenarios() {
  const { t } = useTranslation();
  const scenarios = useScenarios();
  return (
    <>
      <div className="bar">
        <Apply />
      </div>
      <Listed
        of={scenarios}
        empty={t("chain.noScenario")}
        columns={[
          { title: t("common.name"), dataIndex: "name" },
          { title: t("market.purpose"), dataIndex: "purpose" },
          {
            title: t("chain.priceClass"),
            render: (_, item) => t(`priceClass.${item.price_class as keyof Words["priceClass"]}`),
          },
          { title: t("chain.term"), render: (_, item) => `${item.term.from} – ${item.term.until}` },
          {
            title: t("chain.approvals"),
            render: (_, item) =>
              item.resources.map(({ resource, approval }) => (
                <div key={resource.id}>
                  {resource.name} <State of={approval ?? "waiting"} />
                </div>
              )),
          },
          { title: t("chain.calls"), render: (_, item) => item.calls + item.failed },
          { title: t("chain.failed"), dataIndex: "failed" },
          { title: t("common.status"), render: (_, item) => <State of={item.status} /> },
          {
            title: t("common.actions"),
            render: (_, item) => (
              <div className="stack">
                <Paper of="scenarios" id={item.id} />
                {item.risk_report_sha256 && (
                  <span>
                    {t("chain.riskReport")} <FileHash sha256={item.risk_report_sha256} />
                  </span>
                )}
                <FreezeOrThaw scenario={item} />
                <ScenarioActs of={item} />
                <Notices of={item.id} />
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

interface Grant {
  resource: string;
  fields: string[];
}

function Apply() {
  const { t } = useTranslation();
  const agreements = useAgreements().data ?? [];
  const resources = useResources().data ?? [];
  const fieldsOf = (id: string) =>
    plain(resources.find((item) => item.id === id)?.fields.map(({ name }) => name) ?? []);
  const classes = ["public_governance", "public_welfare", "industry"] as const;
  return (
    <ActButton
      act="scenario.apply"
      command="apply_scenario"
      title={t("chain.apply")}
      kind="primary"
      initial={{
        from: day(),
        until: day(180),
        quota_calls_max: 100_000,
        technique: "安全域内受控查询",
        output_form: "API",
        resources: [{}],
      }}
      fields={[
        { kind: "text", name: "name", label: t("common.name") },
        {
          kind: "select",
          name: "agreement",
          label: t("chain.agreement"),
          options: agreements.map(({ id, title }) => ({ value: id, label: title })),
        },
        {
          kind: "select",
          name: "purpose",
          label: t("market.purpose"),
          options: ({ agreement }) => plain(agreements.find(({ id }) => id === agreement)?.purposes ?? []),
        },
        {
          kind: "select",
          name: "price_class",
          label: t("chain.priceClass"),
          options: classes.map((value) => ({ value, label: t(`priceClass.${value}`) })),
        },
        {
          kind: "pairs",
          name: "resources",
          label: t("chain.resources"),
          left: { name: "resource", label: t("chain.consentResource"), options: named(resources) },
          right: { name: "fields", label: t("chain.fields"), options: fieldsOf },
        },
        { kind: "text", name: "consumer_class", label: t("chain.consumerClass") },
        { kind: "text", name: "technique", label: t("chain.technique") },
        { kind: "text", name: "output_form", label: t("chain.outputForm") },
        { kind: "integer", min: 1, name: "quota_calls_max", label: t("chain.quota") },
        { kind: "date", name: "from", label: t("common.from") },
        { kind: "date", name: "until", label: t("common.until") },
      ]}
      build={({ from, until, resources: given, ...rest }) => ({
        ...rest,
        resources: Object.fromEntries((given as Grant[]).map(({ resource, fields }) => [resource, fields])),
        term: { from, until },
      })}
    />
  );
}
