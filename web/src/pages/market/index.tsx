import { Link } from "@tanstack/react-router";
import { Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useProducts } from "../../api/queries";
import { usePick } from "../../i18n";
import { Loaded, Page } from "../../shell/Page";
import { State } from "../../shell/State";
import { stacked } from "../../shell/stacked";
import { Price } from "./Price";

export default function Market() {
  const { t } = useTranslation();
  const pick = usePick();
  const products = useProducts();
  const [search, setSearch] = useState("");
  return (
    <Page title={t("market.title")}>
      <div className="bar">
        <Input.Search
          aria-label={t("common.search")}
          placeholder={t("common.search")}
          allowClear
          onChange={(event) => setSearch(event.target.value.trim())}
        />
      </div>
      <Loaded of={products} empty={t("market.empty")}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            dataSource={items.filter((item) => `${item.name}${item.summary}`.includes(search))}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            {...stacked<Schemas["Product"]>([
              {
                title: t("common.name"),
                render: (_, item) => (
                  <Link to="/market/$id" params={{ id: item.id }}>
                    {item.name}
                  </Link>
                ),
              },
              { title: t("develop.summary"), dataIndex: "summary" },
              { title: t("market.developer"), render: (_, item) => item.developer.name },
              { title: t("market.price"), render: (_, item) => <Price of={item} /> },
              { title: t("common.status"), render: (_, item) => <State of={standing(item)} /> },
              {
                title: t("market.available"),
                render: (_, item) => (item.available ? t("market.available") : pick(item.unavailable_reason)),
              },
            ])}
          />
        )}
      </Loaded>
    </Page>
  );
}

function standing({ status, suspended }: Schemas["Product"]) {
  if (suspended) return "suspended";
  return status === "submitted" ? "unlisted" : status;
}
