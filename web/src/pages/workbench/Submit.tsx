/** The result of a saved query is submitted for output review. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { useOutputs } from "../../api/queries";
import { Problem } from "../../shell/Problem";
import { versions } from "./Query";

const KINDS = ["report", "data_set", "product_query"] as const;

export function Submit({ queries }: { queries: Schemas["SavedQuery"][] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form] = Form.useForm<Schemas["OutputRequest"]>();
  const madeFrom = Form.useWatch("made_from", form);
  const parameters = queries.find(({ id }) => id === madeFrom)?.parameters ?? [];
  const required = [{ required: true, message: t("common.required") }];
  const earlier = (useOutputs().data ?? []).filter(
    (output) => !output.reviewable && output.state !== "submitted" && output.scenario.id === queries[0]?.scenario.id,
  );
  const submit = useMutation({
    mutationFn: (output: Schemas["OutputRequest"]) => body(api.POST("/api/v1/workbench/outputs", { body: output })),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <section aria-label={t("workbench.submit")}>
      <h3>{t("workbench.submit")}</h3>
      <Form form={form} layout="vertical" onFinish={(output) => submit.mutate(output)}>
        <div className="bar">
          <Form.Item name="made_from" label={t("workbench.saved")} rules={required} style={{ minWidth: 260 }}>
            <Select options={versions(queries)} />
          </Form.Item>
          <Form.Item name="kind" label={t("workbench.kind")} rules={required} style={{ minWidth: 160 }}>
            <Select options={KINDS.map((kind) => ({ value: kind, label: t(`workbench.kinds.${kind}`) }))} />
          </Form.Item>
          {earlier.length > 0 && (
            <Form.Item name="previous" label={t("workbench.previous")} style={{ minWidth: 260 }}>
              <Select
                allowClear
                options={earlier.map(({ id, title, number }) => ({ value: id, label: `${title} · v${number}` }))}
              />
            </Form.Item>
          )}
        </div>
        {parameters.length > 0 && (
          <div className="bar">
            {parameters.map(({ name, type, meaning, example }) => (
              <Form.Item
                key={`${madeFrom} ${name}`}
                name={["values", name]}
                label={`${meaning}${t("marks.open")}${name}${t("marks.close")}`}
                initialValue={example}
                rules={required}
              >
                <Input type={type === "date" ? "date" : "text"} />
              </Form.Item>
            ))}
          </div>
        )}
        <Form.Item name="title" label={t("workbench.outputTitle")} rules={required}>
          <Input />
        </Form.Item>
        <Form.Item name="justification" label={t("workbench.justification")} rules={required}>
          <Input.TextArea autoSize />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={submit.isPending}>
          {t("workbench.submit")}
        </Button>
      </Form>
      <div aria-live="polite">
        <Problem error={submit.error} />
        {submit.data && <Alert type="success" title={t("common.recorded", { index: submit.data.receipt.index })} />}
      </div>
    </section>
  );
}
