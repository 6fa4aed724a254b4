/** Models on record: what a query may call, where each stands, and what it takes. */
import { Card, Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useModels } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded } from "../../shell/Page";

const KINDS: Record<string, string> = { in_force: "good", suspended: "bad", withdrawn: "bad" };

export function Models() {
  const { t } = useTranslation();
  const models = useModels();
  return (
    <Card title={t("models.title")}>
      <Loaded of={models}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            dataSource={items}
            columns={[
              { title: t("models.call"), render: (_, model) => <Call of={model} /> },
              { title: t("models.summary"), dataIndex: "summary" },
              { title: t("models.format"), render: (_, model) => t(`models.${model.format as "wasm" | "onnx"}`) },
              { title: t("common.status"), render: (_, model) => <Standing of={model} /> },
              { title: t("models.products"), render: (_, model) => model.products.map(({ name }) => name).join("、") },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

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
