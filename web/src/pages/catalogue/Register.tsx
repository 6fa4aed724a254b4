/** The form by which a provider registers a resource. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import { useRuleList } from "../../api/queries";
import { plain } from "../chain/options";
import { columnsIn, registration, TERMS } from "./entry";
import { template } from "./template";

export function Register() {
  const { t } = useTranslation();
  const areas = useRuleList("resource.field-of-application");
  const text = (name: string, label: string) => ({ kind: "text" as const, name, label });
  const terms = TERMS.map((value) => ({ value, label: t(`catalogue.terms.${value}`) }));
  const optional = { optional: true } as const;
  return (
    <ActButton
      act="resource.register"
      command="register_resource"
      title={t("catalogue.register")}
      kind="primary"
      initial={{ fields: JSON.stringify(template.fields, null, 2), source: JSON.stringify(template.source, null, 2) }}
      build={registration}
      fields={[
        text("name", t("common.name")),
        text("table", t("catalogue.table")),
        text("summary", t("catalogue.summary")),
        { kind: "select", name: "field_of_application", label: t("catalogue.area"), options: plain(areas) },
        text("frequency", t("catalogue.frequency")),
        text("boundary", t("catalogue.boundary")),
        text("legal_basis", t("catalogue.basis")),
        text("contact", t("catalogue.contact")),
        { ...text("subject_key", t("catalogue.subjectKey")), ...optional },
        { kind: "json", name: "fields", label: t("catalogue.fieldsJson") },
        {
          kind: "many",
          name: "sensitive",
          label: t("catalogue.sensitive"),
          options: ({ fields }) => plain(columnsIn(fields)),
          ...optional,
        },
        { kind: "switch", name: "important", label: t("catalogue.important"), ...optional },
        { kind: "switch", name: "core", label: t("catalogue.core"), ...optional },
        { ...text("shared_from", t("catalogue.sharedFrom")), ...optional },
        { ...text("volume", t("catalogue.volume")), ...optional },
        { kind: "date", name: "span_from", label: t("catalogue.spanFrom"), ...optional },
        { kind: "date", name: "span_until", label: t("catalogue.spanUntil"), ...optional },
        { kind: "select", name: "sharing", label: t("catalogue.sharing"), options: terms, ...optional },
        { kind: "select", name: "opening", label: t("catalogue.opening"), options: terms, ...optional },
        { ...text("quality_standard", t("catalogue.qualityStandard")), ...optional },
        { kind: "json", name: "low_sensitive", label: t("catalogue.lowSensitiveJson"), ...optional },
        { kind: "json", name: "source", label: t("catalogue.sourceSpec") },
      ]}
    />
  );
}
