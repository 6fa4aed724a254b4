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
            columns={[
              { title: t("rules.id"), render: (_, rule) => <span className="mono">{rule.id}</span> },
              { title: t("rules.text"), render: (_, rule) => rule[language] },
              { title: t("rules.layer"), dataIndex: "layer" },
              {
                title: t("rules.days"),
                render: (_, rule) => t("rules.span", { from: rule.from ?? "…", until: rule.until ?? "…" }),
              },
              { title: t("rules.source"), dataIndex: "source" },
              { title: t("rules.article"), dataIndex: "article" },
              { title: t("rules.confidence"), dataIndex: "confidence" },
              { title: t("rules.parameters"), render: (_, rule) => <Parameters of={rule} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
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
