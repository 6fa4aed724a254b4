/** A query is checked for its information flow, then submitted as a product. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { isBlank, readable } from "../../acts/rules";
import { api, body, type Schemas } from "../../api/client";
import { useMay, useScenarios } from "../../api/queries";
import { usePick } from "../../i18n";
import { Editor } from "../../shell/Editor";
import { Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { named } from "../chain/options";
import { Models } from "./Models";

interface Given {
  scenario: string;
  sql: string;
  parameters: string;
  subject?: number | null;
  subject_resource?: string;
  name?: string;
  summary?: string;
}

const EXAMPLE = '[\n  {"name": "from", "type": "date", "meaning": "起始日期", "example": "2014-01-01"}\n]';

function query(given: Given): Schemas["CheckRequest"] {
  const subject =
    typeof given.subject === "number" && given.subject_resource
      ? { subject: { resource: given.subject_resource, parameter: given.subject } }
      : {};
  return {
    scenario: given.scenario,
    sql: given.sql,
    parameters: JSON.parse(isBlank(given.parameters) ? "[]" : given.parameters),
    ...subject,
  };
}

export default function Develop() {
  const { t } = useTranslation();
  const pick = usePick();
  const client = useQueryClient();
  const scenarios = useScenarios().data ?? [];
  const maySubmit = useMay("product.submit");
  const [form] = Form.useForm<Given>();
  const chosenId = Form.useWatch("scenario", form);
  const chosen = scenarios.find(({ id }) => id === chosenId);
  const required = [{ required: true, message: t("common.required") }];
  const check = useMutation({
    mutationFn: (given: Given) => body(api.POST("/api/v1/queries/check", { body: query(given) })),
  });
  const submit = useMutation({
    mutationFn: ({ name = "", summary = "", ...given }: Given) =>
      body(api.POST("/api/v1/products", { body: { ...query(given as Given), name, summary } })),
    onSuccess: () => client.invalidateQueries(),
  });
  const run = async (what: typeof check | typeof submit, names?: (keyof Given)[]) => {
    check.reset();
    submit.reset();
    const given = await (names ? form.validateFields(names) : form.validateFields()).catch(() => null);
    if (given) what.mutate({ ...form.getFieldsValue() });
  };
  return (
    <Page title={t("develop.title")}>
      <div className="stack">
        <Card>
          <p>{t("develop.hint")}</p>
          <Form form={form} layout="vertical" initialValues={{ sql: "SELECT ", parameters: "[]" }}>
            <Form.Item name="scenario" label={t("develop.scenario")} rules={required}>
              <Select options={named(scenarios)} />
            </Form.Item>
            <Form.Item label={t("develop.sql")} required>
              <Form.Item name="sql" noStyle rules={required}>
                <Sql label={t("develop.sql")} />
              </Form.Item>
            </Form.Item>
            <Form.Item
              name="parameters"
              label={t("develop.parametersJson")}
              extra={<span className="mono">{EXAMPLE}</span>}
              rules={[readable((reason) => t("common.invalidJson", { reason }))]}
            >
              <Input.TextArea className="mono" autoSize={{ minRows: 2 }} />
            </Form.Item>
            <div className="bar">
              <Form.Item name="subject_resource" label={t("develop.subjectResource")} style={{ minWidth: 260 }}>
                <Select allowClear options={named(chosen?.resources.map(({ resource }) => resource))} />
              </Form.Item>
              <Form.Item name="subject" label={t("develop.subject")}>
                <InputNumber min={0} />
              </Form.Item>
            </div>
            <div className="bar">
              <Button onClick={() => run(check, ["scenario", "sql", "parameters"])} loading={check.isPending}>
                {t("develop.check")}
              </Button>
            </div>
            {maySubmit && (
              <>
                <Form.Item name="name" label={t("develop.name")} rules={required}>
                  <Input />
                </Form.Item>
                <Form.Item name="summary" label={t("develop.summary")} rules={required}>
                  <Input.TextArea autoSize />
                </Form.Item>
                <div className="bar">
                  <Button type="primary" onClick={() => run(submit)} loading={submit.isPending}>
                    {t("develop.submit")}
                  </Button>
                </div>
              </>
            )}
          </Form>
          <div aria-live="polite">
            <Problem error={check.error ?? submit.error} />
            {check.data && (
              <Alert
                type="success"
                title={t("develop.passed")}
                description={<pre className="mono">{pick(check.data.text)}</pre>}
              />
            )}
            {submit.data && <Alert type="success" title={t("common.recorded", { index: submit.data.receipt.index })} />}
          </div>
        </Card>
        <Models />
      </div>
    </Page>
  );
}

function Sql({
  value = "",
  onChange = () => {},
  label,
}: {
  value?: string;
  onChange?: (text: string) => void;
  label: string;
}) {
  return <Editor value={value} onChange={onChange} label={label} />;
}
