import { useParams } from "@tanstack/react-router";
import { Alert, Card, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useMay, useProduct } from "../../api/queries";
import { usePick } from "../../i18n";
import type { Words } from "../../i18n/zh";
import { Editor } from "../../shell/Editor";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { State } from "../../shell/State";
import { Console } from "./Console";
import { ABROAD, orderOf } from "./order";
import { Price } from "./Price";

export default function ProductPage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  const product = useProduct(id ?? "");
  return (
    <Page title={product.data?.name ?? t("market.title")}>
      <Loaded of={product}>{(item) => <Product item={item} />}</Loaded>
    </Page>
  );
}

function Product({ item }: { item: Schemas["Product"] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const mayCall = useMay("product.call");
  return (
    <div className="stack">
      <Actions item={item} />
      {!item.available && (
        <Alert
          type="warning"
          showIcon
          title={`${t("market.unavailable")}${t("marks.colon")}${pick(item.unavailable_reason)}`}
        />
      )}
      {mayCall && <Console product={item} />}
      <Card title={<h2>{t("common.details")}</h2>}>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            { key: "summary", label: t("develop.summary"), children: item.summary, span: "filled" },
            {
              key: "scenario",
              label: t("market.scenario"),
              children: (
                <>
                  {item.scenario.name} <State of={item.scenario.status} />
                </>
              ),
            },
            { key: "purpose", label: t("market.purpose"), children: item.scenario.purpose },
            {
              key: "form",
              label: t("market.form"),
              children: (
                <>
                  {t(`market.forms.${item.form as keyof Words["market"]["forms"]}`)}{" "}
                  {t("market.version", { version: item.version })}
                </>
              ),
            },
            { key: "service", label: t("market.service"), children: item.service_level || "—" },
            { key: "developer", label: t("market.developer"), children: item.developer.name },
            {
              key: "resources",
              label: t("market.resources"),
              children: item.resources.map((resource) => resource.name).join(t("marks.list")),
            },
            {
              key: "class",
              label: t("chain.priceClass"),
              children: t(`priceClass.${item.price_class as keyof Words["priceClass"]}`),
            },
            {
              key: "price",
              label: t("market.price"),
              children: (
                <>
                  <Price of={item} />
                  {item.price_from && t("market.priceFrom", { day: item.price_from })}
                </>
              ),
            },
            {
              key: "ceiling",
              label: t("market.ceiling"),
              children: item.ceiling ? t("common.yuan", { amount: item.ceiling }) : "—",
            },
            {
              key: "derivation",
              label: t("market.derivation"),
              children: <span className="mono">{item.derivation_sha256}</span>,
            },
          ]}
        />
        <Notices of={item.id} />
      </Card>
      <Card title={<h2>{t("market.query")}</h2>}>
        <Editor value={item.sql} label={t("market.query")} />
      </Card>
    </div>
  );
}

function Actions({ item }: { item: Schemas["Product"] }) {
  const { t } = useTranslation();
  const of = { product: item.id };
  const charged = item.price_class === "industry" && ["submitted", "listed"].includes(item.status);
  return (
    <div className="bar">
      {item.status === "submitted" && (
        <ActButton
          act="product.list"
          command="list_product"
          title={t("market.list")}
          of={of}
          revision={item.revision}
          kind="primary"
        />
      )}
      {charged && (
        <ActButton
          act="price.ceiling"
          command="set_ceiling"
          title={t("market.setCeiling")}
          of={of}
          fields={[
            { kind: "money", name: "ceiling", label: t("market.ceiling") },
            { kind: "integer", min: 0, name: "expected", label: t("books.expected"), optional: true },
            { kind: "text", name: "basis", label: t("market.basis") },
          ]}
        />
      )}
      {charged && (
        <ActButton
          act="price.set"
          command="set_price"
          title={t("market.setPrice")}
          of={of}
          fields={[{ kind: "money", name: "price", label: t("market.price") }]}
        />
      )}
      {item.status === "listed" && item.available && (
        <ActButton
          act="subscription.open"
          command="subscribe"
          title={t("market.subscribe")}
          of={of}
          initial={{ purpose: item.scenario.purpose, quota_calls_max: 1000 }}
          fields={[
            { kind: "text", name: "purpose", label: t("market.purpose") },
            { kind: "integer", min: 1, name: "quota_calls_max", label: t("market.quota") },
            { kind: "switch", name: "onward", label: t("market.onward") },
            {
              kind: "many",
              name: "onward_to",
              label: t("market.onwardTo"),
              options: ABROAD.map((value) => ({ value, label: t(`regions.${value}`) })),
              optional: true,
            },
          ]}
          build={orderOf}
        />
      )}
    </div>
  );
}
