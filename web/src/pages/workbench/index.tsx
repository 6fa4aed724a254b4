/** The workbench of a scenario: its data and samples of it, queries under control, what was asked, outputs and their review. */
import { Card, Select, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useScenarios } from "../../api/queries";
import { Page } from "../../shell/Page";
import { named } from "../chain/options";
import { Outputs } from "./Outputs";
import { Query } from "./Query";
import { Resources } from "./Resources";
import { Runs } from "./Runs";

export default function Workbench() {
  const { t } = useTranslation();
  const works = useMay("query.run");
  return (
    <Page title={t("workbench.title")}>
      <p>{t("workbench.hint")}</p>
      <Work works={works} />
      <h2>{t("workbench.outputs")}</h2>
      <Outputs />
    </Page>
  );
}

/** Whoever does not work here itself looks at what was asked. */
function Work({ works }: { works: boolean }) {
  const { t } = useTranslation();
  const scenarios = useScenarios().data ?? [];
  const [scenario, choose] = useState<string>();
  return (
    <Card>
      <div className="bar">
        <label htmlFor="scenario">{t("workbench.scenario")}</label>
        <Select
          id="scenario"
          aria-label={t("workbench.scenario")}
          style={{ minWidth: 320 }}
          value={scenario ?? null}
          onChange={choose}
          options={named(scenarios)}
        />
      </div>
      {scenario && (
        <Tabs
          key={scenario}
          items={[
            ...(works
              ? [
                  { key: "data", label: t("workbench.data"), children: <Resources scenario={scenario} /> },
                  { key: "query", label: t("workbench.query"), children: <Query scenario={scenario} /> },
                ]
              : []),
            { key: "runs", label: t("workbench.runs"), children: <Runs scenario={scenario} /> },
          ]}
        />
      )}
    </Card>
  );
}
