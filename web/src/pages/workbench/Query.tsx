/** A query is run under control, saved, and its result submitted for review. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { useQueries } from "../../api/queries";
import { usePick } from "../../i18n";
import { Editor } from "../../shell/Editor";
import { Problem } from "../../shell/Problem";
import { type Bound, boundTo, Parameters, stated, valuesOf } from "./Parameters";
import { Rows } from "./Rows";
import { Submit } from "./Submit";

export function Query({ scenario }: { scenario: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sql, write] = useState("SELECT ");
  const [name, call] = useState("");
  const [parameters, bind] = useState<Bound[]>([]);
  const saved = (useQueries().data ?? []).filter((query) => query.scenario.id === scenario);
  const run = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/workbench/scenarios/{id}/runs", {
          params: { path: { id: scenario } },
          body: { sql, parameters: stated(parameters), values: valuesOf(parameters) },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: [`runs ${scenario}`] }),
  });
  const save = useMutation({
    mutationFn: () =>
      body(api.POST("/api/v1/workbench/queries", { body: { scenario, name, sql, parameters: stated(parameters) } })),
    onSuccess: () => client.invalidateQueries(),
  });
  const open = (id: string) => {
    const query = saved.find((query) => query.id === id);
    if (!query) return;
    write(query.sql);
    call(query.name);
    bind(boundTo(query.parameters));
  };
  return (
    <div className="stack">
      <Form layout="vertical">
        {saved.length > 0 && (
          <Form.Item label={t("workbench.open")}>
            <Select aria-label={t("workbench.open")} options={versions(saved)} onChange={open} />
          </Form.Item>
        )}
        <Form.Item label={t("workbench.sql")}>
          <Editor value={sql} onChange={write} label={t("workbench.sql")} />
        </Form.Item>
        <Form.Item label={t("workbench.parameter.title")}>
          <Parameters of={parameters} onChange={bind} />
        </Form.Item>
        <div className="bar">
          <Button type="primary" onClick={() => run.mutate()} loading={run.isPending}>
            {t("workbench.run")}
          </Button>
          <Input
            aria-label={t("workbench.name")}
            placeholder={t("workbench.name")}
            value={name}
            onChange={(event) => call(event.target.value)}
          />
          <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!name.trim()}>
            {t("workbench.save")}
          </Button>
        </div>
      </Form>
      <div aria-live="polite" className="stack">
        <Problem error={run.error ?? save.error} />
        {save.data && <Alert type="success" title={t("common.recorded", { index: save.data.receipt.index })} />}
        {run.data && <Answer of={run.data} />}
      </div>
      {saved.length > 0 && <Submit queries={saved} />}
    </div>
  );
}

export function versions(queries: Schemas["SavedQuery"][]) {
  return queries.map(({ id, name, number }) => ({ value: id, label: `${name} · v${number}` }));
}

function Answer({ of }: { of: Schemas["RunResponse"] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const answer = of.answer as unknown as { columns: { name: string }[]; rows: unknown[][]; suppressed: number | null };
  return (
    <>
      <Alert
        type="success"
        title={t("workbench.ran", { index: of.recorded.receipt.index })}
        description={<pre className="mono">{pick(of.check.text)}</pre>}
      />
      <Rows names={answer.columns.map(({ name }) => name)} rows={answer.rows} />
      <p>
        {t("market.rows", { count: answer.rows.length })}
        {(answer.suppressed ?? 0) > 0 &&
          `${t("marks.comma")}${t("market.suppressed", { count: answer.suppressed ?? 0 })}`}
      </p>
    </>
  );
}
