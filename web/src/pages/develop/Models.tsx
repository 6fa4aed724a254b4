/** Models on record: what a query may call, where each stands, and what it takes. */
import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useModels } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";

const KINDS: Record<string, string> = { in_force: "good", suspended: "bad", withdrawn: "bad" };

export function Models() {
  const { t } = useTranslation();
  const models = useModels();
  return (
    <Card title={t("models.title")}>
      <Loaded of={models} empty={t("models.empty")}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            dataSource={items}
            columns={[
              { title: t("models.call"), render: (_, model) => <Call of={model} /> },
              { title: t("models.summary"), dataIndex: "summary" },
              { title: t("models.format"), render: (_, model) => <Origin of={model} /> },
              { title: t("common.status"), render: (_, model) => <Standing of={model} /> },
              {
                title: t("common.actions"),
                render: (_, { id, status }) => (
                  <div className="stack">
                    {status.state !== "withdrawn" && <ActLinks acts={ACTS} of={[id]} />}
                    <Notices of={id} />
                  </div>
                ),
              },
              {
                title: t("models.products"),
                render: (_, model) => model.products.map(({ name }) => name).join(t("marks.list")),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** What is done about a model. */
const ACTS = ["model.review", "model.suspend", "model.withdraw"];

function Call({ of }: { of: Schemas["Model"] }) {
  return (
    <>
      <div className="mono">
        {of.function}({of.fields.join(", ")})
      </div>
      <div>{of.resource.name}</div>
      <div className="mono" title={of.module_sha256}>
        {of.module_sha256.slice(0, 16)}…
      </div>
    </>
  );
}

/** What its file is; of a model trained in the domain, its lineage. */
function Origin({ of }: { of: Schemas["Model"] }) {
  const { t } = useTranslation();
  const { lineage } = of;
  if (!lineage) return <>{t(`models.${of.format as "wasm" | "onnx"}`)}</>;
  const { algorithm, fit, label, sources } = lineage;
  return (
    <>
      <div>{t("models.trained")}</div>
      <div>{t(`models.algorithms.${algorithm.kind as keyof Words["models"]["algorithms"]}`)}</div>
      {sources.map((source) => (
        <div key={source.version}>
          {t("models.derivedFrom", { name: source.resource.name, version: source.version })}
          {!source.stands && <div className="state-bad">{t("models.sourceGone")}</div>}
        </div>
      ))}
      <div>{t("models.label", { fields: label.join(t("marks.list")) })}</div>
      <div>
        {t("models.fit", {
          subjects: fit.subjects,
          explained: fit.explained_percent,
          influence: fit.influence_percent,
        })}
      </div>
    </>
  );
}

function Standing({ of }: { of: Schemas["Model"] }) {
  const { t } = useTranslation();
  const { state, reviewer, text } = of.status;
  return (
    <>
      <span className={`state-${KINDS[state] ?? "wait"}`}>
        ● {t(`models.state.${state as keyof Words["models"]["state"]}`)}
      </span>
      {reviewer && <div>{t("models.reviewer", { name: reviewer.name })}</div>}
      {text && <div>{text}</div>}
    </>
  );
}
