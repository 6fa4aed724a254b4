import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMay, useRules } from "../../api/queries";
import { useLanguage } from "../../i18n";
import { Loaded, Page } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { WhatIf } from "./WhatIf";

export default function Rules() {
  const { t } = useTranslation();
  const [language] = useLanguage();
  const rules = useRules();
  const mayTry = useMay("rules.try");
  return (
    <Page title={t("rules.title")}>
      {mayTry && <WhatIf />}
      <Loaded of={rules}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            pagination={false}
            dataSource={items}
            tableLayout="fixed"
            columns={[
              { title: t("rules.id"), width: "13%", render: (_, rule) => <span className="mono">{rule.id}</span> },
              { title: t("rules.text"), width: "20%", render: (_, rule) => rule[language] },
              { title: t("rules.layer"), dataIndex: "layer", width: 90 },
              { title: t("rules.days"), width: 110, render: (_, rule) => <Days of={rule} /> },
              { title: t("rules.source"), dataIndex: "source", width: "13%" },
              { title: t("rules.article"), dataIndex: "article", width: "9%" },
              { title: t("rules.confidence"), dataIndex: "confidence", width: 96 },
              { title: t("rules.parameters"), render: (_, rule) => <Parameters of={rule} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

/** From when until when it holds; a rule that always has says nothing. */
function Days({ of: { from, until } }: { of: Schemas["RuleText"] }) {
  const { t } = useTranslation();
  return from || until ? t("rules.span", { from: from ?? "…", until: until ?? "…" }) : "—";
}

/** Each with where it comes from, where that is not where the rule comes from. */
function Parameters({ of }: { of: Schemas["RuleText"] }) {
  const { t } = useTranslation();
  const entries = Object.entries((of.parameters ?? {}) as Record<string, unknown>);
  return entries.map(([name, value]) => (
    <div key={name}>
      <span className="mono">
        {name} = {JSON.stringify(value)}
      </span>
      {of.basis[name] && <div>{t("rules.basis", { ...of.basis[name] })}</div>}
    </div>
  ));
}
