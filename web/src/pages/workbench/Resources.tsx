/** What a scenario grants: fields, grades, release rules; and a synthetic sample of each table. */
import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { useWorkResources } from "../../api/queries";
import { Loaded } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { useFieldType, useRelease } from "../../shell/release";
import { Table } from "../../shell/Table";
import { Rows } from "./Rows";

const SAMPLE_ROWS = 20;

export function Resources({ scenario }: { scenario: string }) {
  const { t } = useTranslation();
  const resources = useWorkResources(scenario);
  return (
    <Loaded of={resources} empty={t("workbench.noResources")}>
      {(items) => items.map((item) => <One key={item.resource.id} of={item} scenario={scenario} />)}
    </Loaded>
  );
}

function One({ of, scenario }: { of: Schemas["WorkResource"]; scenario: string }) {
  const { t } = useTranslation();
  const [release, typed] = [useRelease(), useFieldType()];
  const sample = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/workbench/scenarios/{id}/samples", {
          params: { path: { id: scenario } },
          body: { resource: of.resource.id, rows: SAMPLE_ROWS, seed: 1 },
        }),
      ),
  });
  return (
    <section aria-label={of.resource.name}>
      <h3>
        {of.resource.name} <span className="mono">{of.table}</span>
      </h3>
      <Table
        size="small"
        rowKey="name"
        pagination={false}
        dataSource={of.fields}
        columns={[
          { title: t("workbench.field"), render: (_, field) => <span className="mono">{field.name}</span> },
          { title: t("workbench.type"), render: (_, field) => typed(field.type) },
          { title: t("workbench.meaning"), dataIndex: "meaning" },
          { title: t("workbench.level"), dataIndex: "level" },
          {
            title: t("workbench.release"),
            render: (_, field) => release(field.release),
          },
        ]}
      />
      <div className="bar" style={{ marginTop: 12 }}>
        <Button onClick={() => sample.mutate()} loading={sample.isPending}>
          {t("workbench.draw")}
        </Button>
      </div>
      <div aria-live="polite" className="stack">
        <Problem error={sample.error} />
        {sample.data && <Sample of={sample.data} />}
      </div>
    </section>
  );
}

function Sample({ of }: { of: Schemas["SampleResponse"] }) {
  const { t } = useTranslation();
  const drawn = of.columns.map(({ name, drawn_from, values }) => {
    const kind = drawn_from as "counts" | "mean" | "placeholder";
    return `${name}${t("marks.colon")}${t(`workbench.drawn.${kind}`, { count: values ?? 0 })}`;
  });
  return (
    <>
      <Alert type="warning" title={t("workbench.synthetic")} description={drawn.join(t("marks.semicolon"))} />
      <Rows names={of.columns.map(({ name }) => name)} rows={of.rows} />
    </>
  );
}

/** The rule with its parameters, as the registration writes them. */
