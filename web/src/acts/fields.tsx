/** Inputs of act forms. A form is a list of fields; the server decides what is acceptable. */
import { Button, Form, type FormRule, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { FileField } from "../files/FileField";
import { filled, readable, together } from "./rules";

export interface Option {
  value: string;
  label: string;
}

interface Common {
  name: string;
  label: string;
  optional?: boolean;
  /** The fields that go together with it: all are filled in, or none. */
  with?: readonly { name: string; label: string }[];
}

type Values = Record<string, unknown>;

export type Field = Common &
  (
    | { kind: "text" | "file" | "area" | "date" | "money" | "switch" | "json" }
    | { kind: "integer"; min?: number }
    | { kind: "select" | "many"; options: Option[] | ((values: Values) => Option[]) }
    | { kind: "pairs"; left: Common & { options: Option[] }; right: Common & { options?: (left: string) => Option[] } }
  );

export function FieldInput({ field, values }: { field: Field; values: Values }) {
  const { t } = useTranslation();
  if (field.kind === "pairs") return <Pairs field={field} values={values} />;
  const required =
    field.optional || field.kind === "switch" ? [] : [filled(t("common.requiredOf", { name: field.label }))];
  const { with: others = [] } = field;
  const both = others.map(
    ({ name, label }): FormRule =>
      ({ getFieldValue }) =>
        together(() => getFieldValue(name), t("common.together", { name: field.label, other: label })),
  );
  const json = field.kind === "json" ? [readable((reason) => t("common.invalidJson", { reason }))] : [];
  return (
    <Form.Item
      name={field.name}
      label={field.label}
      required={required.length > 0}
      rules={[...required, ...both, ...json]}
      validateFirst
      dependencies={others.map(({ name }) => name)}
      {...(field.kind === "switch" ? { valuePropName: "checked" } : {})}
    >
      {input(field, values)}
    </Form.Item>
  );
}

function input(field: Exclude<Field, { kind: "pairs" }>, values: Values) {
  switch (field.kind) {
    case "text":
    case "money":
      return <Input />;
    case "file":
      return <FileField />;
    case "area":
      return <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />;
    case "json":
      return <Input.TextArea className="mono" autoSize={{ minRows: 4, maxRows: 16 }} />;
    case "date":
      return <Input type="date" />;
    case "switch":
      return <Switch />;
    case "integer":
      return <InputNumber min={field.min ?? 0} style={{ width: "100%" }} />;
    case "select":
    case "many": {
      const options = typeof field.options === "function" ? field.options(values) : field.options;
      const many = field.kind === "many" ? ({ mode: "multiple" } as const) : {};
      return (
        <Select
          showSearch={{ optionFilterProp: "label" }}
          allowClear={field.optional ?? false}
          options={options}
          {...many}
        />
      );
    }
  }
}

function Pairs({ field, values }: { field: Extract<Field, { kind: "pairs" }>; values: Values }) {
  const { t } = useTranslation();
  const rows = (values[field.name] ?? []) as Record<string, string>[];
  return (
    <fieldset style={{ border: "1px solid #c4ccd6", marginBottom: 16 }}>
      <legend>{field.label}</legend>
      <Form.List name={field.name}>
        {(items, { add, remove }) => (
          <>
            {items.map((item, at) => (
              <div className="bar" key={item.key}>
                <Form.Item
                  name={[item.name, field.left.name]}
                  label={`${field.left.label} ${at + 1}`}
                  rules={[{ required: true, message: t("common.required") }]}
                  style={{ flex: 2 }}
                >
                  <Select options={field.left.options} />
                </Form.Item>
                <Form.Item
                  name={[item.name, field.right.name]}
                  label={`${field.right.label} ${at + 1}`}
                  rules={[{ required: true, message: t("common.required") }]}
                  style={{ flex: 2 }}
                >
                  {field.right.options ? (
                    <Select mode="multiple" options={field.right.options(rows[at]?.[field.left.name] ?? "")} />
                  ) : (
                    <InputNumber min={0} max={10_000} style={{ width: "100%" }} />
                  )}
                </Form.Item>
                <Button onClick={() => remove(item.name)}>{t("common.remove")}</Button>
              </div>
            ))}
            <Button onClick={() => add({})}>{t("common.add")}</Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
