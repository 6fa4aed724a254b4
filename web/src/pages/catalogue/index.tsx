import { Link } from "@tanstack/react-router";
import { Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import { useResources, useRuleList } from "../../api/queries";
import { Loaded, Page } from "../../shell/Page";
import { State } from "../../shell/State";
import { plain } from "../chain/options";
import { template } from "./template";

export default function Catalogue() {
  const { t } = useTranslation();
  const resources = useResources();
  const [search, setSearch] = useState("");
  return (
    <Page title={t("catalogue.title")}>
      <div className="bar">
        <Input.Search
          aria-label={t("catalogue.search")}
          placeholder={t("catalogue.search")}
          allowClear
          onChange={(event) => setSearch(event.target.value.trim())}
        />
        <Register />
      </div>
      <Loaded of={resources}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            dataSource={items.filter((item) => `${item.name}${item.provider.name}${item.table}`.includes(search))}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            columns={[
              {
                title: t("common.name"),
                render: (_, item) => (
                  <Link to="/catalogue/$id" params={{ id: item.id }}>
                    {item.name}
                  </Link>
                ),
              },
              { title: t("common.provider"), render: (_, item) => item.provider.name },
              { title: t("catalogue.table"), render: (_, item) => <span className="mono">{item.table}</span> },
              { title: t("catalogue.area"), dataIndex: "field_of_application" },
              { title: t("catalogue.fields"), render: (_, item) => item.fields.length },
              { title: t("catalogue.rows"), render: (_, item) => item.versions.at(-1)?.rows.toLocaleString() ?? "—" },
              {
                title: t("common.status"),
                render: (_, item) => <State of={item.versions.at(-1)?.status ?? "waiting"} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Register() {
  const { t } = useTranslation();
  const areas = useRuleList("resource.field-of-application");
  const text = (name: string, label: string) => ({ kind: "text" as const, name, label });
  return (
    <ActButton
      act="resource.register"
      command="register_resource"
      title={t("catalogue.register")}
      kind="primary"
      initial={{ fields: JSON.stringify(template.fields, null, 2), source: JSON.stringify(template.source, null, 2) }}
      build={(given) => ({
        ...given,
        subject_key: given.subject_key || null,
        fields: JSON.parse(String(given.fields)),
        source: JSON.parse(String(given.source)),
      })}
      fields={[
        text("name", t("common.name")),
        text("table", t("catalogue.table")),
        text("summary", t("catalogue.summary")),
        { kind: "select", name: "field_of_application", label: t("catalogue.area"), options: plain(areas) },
        text("frequency", t("catalogue.frequency")),
        text("boundary", t("catalogue.boundary")),
        text("legal_basis", t("catalogue.basis")),
        text("contact", t("catalogue.contact")),
        { ...text("subject_key", t("catalogue.subjectKey")), optional: true },
        { kind: "json", name: "fields", label: t("catalogue.fieldsJson") },
        { kind: "json", name: "source", label: t("catalogue.sourceSpec") },
      ]}
    />
  );
}
