/** Asks for the fields of a command, shape by shape. */
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useLanguage, usePick } from "../../i18n";
import { filled, readable } from "../rules";
import { VARIANT } from "./command";
import { Plain } from "./Plain";
import { below, type Place } from "./place";
import { Repeated } from "./Repeated";
import type { Named, Shape, Variant } from "./shape";

export function Fields({ fields, place }: { fields: Named[]; place: Place }) {
  return fields.map((field) => <Field key={field.name} field={field} place={below(place, field.name)} />);
}

function Field({ field, place }: { field: Named; place: Place }) {
  const { t } = useTranslation();
  const [language] = useLanguage();
  const label = usePick()(field.title);
  const { shape } = field;
  if (!isPlain(shape)) {
    return (
      <fieldset className="group">
        <legend>{label}</legend>
        <Parts shape={shape} place={place} optional={field.optional} />
      </fieldset>
    );
  }
  const required = !field.optional && shape.kind !== "boolean" && shape.kind !== "list";
  const json = shape.kind === "json" ? [readable((reason) => t("common.invalidJson", { reason }))] : [];
  return (
    <Form.Item
      name={place.near}
      label={label}
      extra={language === "en" ? field.meaning : undefined}
      required={required}
      rules={required ? [filled(t("common.requiredOf", { name: label })), ...json] : json}
      {...(shape.kind === "boolean" ? { valuePropName: "checked" } : {})}
    >
      <Plain shape={shape} />
    </Form.Item>
  );
}

/** Whether one input asks for it: a list of texts does, a list of groups does not. */
function isPlain(shape: Shape): boolean {
  switch (shape.kind) {
    case "text":
    case "number":
    case "boolean":
    case "choice":
    case "json":
      return true;
    case "list":
      return shape.item.kind === "text" || shape.item.kind === "choice";
    case "object":
    case "map":
    case "variants":
      return false;
  }
}

/** What has parts of its own. Parts of what may be left out may be left out too. */
export function Parts({ shape, place, optional }: { shape: Shape; place: Place; optional: boolean }) {
  switch (shape.kind) {
    case "object":
      return (
        <Fields
          fields={optional ? shape.fields.map((field) => ({ ...field, optional })) : shape.fields}
          place={place}
        />
      );
    case "variants":
      return <Variants variants={shape.variants} place={place} optional={optional} />;
    case "list":
      return <Repeated shape={shape.item} place={place} keyed={false} />;
    case "map":
      return <Repeated shape={shape.value} place={place} keyed />;
    default:
      return <Field field={{ name: "", title: { zh: "", en: "" }, meaning: "", optional, shape }} place={place} />;
  }
}

function Variants({ variants, place, optional }: { variants: Variant[]; place: Place; optional: boolean }) {
  const { t } = useTranslation();
  const pick = usePick();
  const chosen = below(place, VARIANT);
  return (
    <>
      <Form.Item
        name={chosen.near}
        label={t("acts.kind")}
        rules={optional ? [] : [{ required: true, message: t("common.required") }]}
      >
        <Select options={variants.map((one) => ({ value: one.value, label: pick(one.title) }))} allowClear={optional} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) => {
          const variant = variants.find((one) => one.value === getFieldValue(chosen.far));
          return variant ? <Fields fields={variant.fields} place={place} /> : null;
        }}
      </Form.Item>
    </>
  );
}
