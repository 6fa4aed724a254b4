import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResources } from "../../api/queries";
import { Loaded, Page } from "../../shell/Page";
import { State } from "../../shell/State";
import { Table } from "../../shell/Table";
import { Register } from "./Register";

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
      <Loaded of={resources} empty={t("catalogue.empty")}>
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
                render: (_, item) => (
                  <State of={item.withdrawn ? "withdrawn" : (item.versions.at(-1)?.status ?? "waiting")} />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
