/** What a disclosure says. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { Table } from "../../shell/Table";

type Said = Schemas["DisclosureContent"];

export function Content({ of }: { of: Said }) {
  const { t } = useTranslation();
  const { about, code, kind, authorizations, ceilings, resources, products, prices } = of;
  return (
    <>
      <p className="prose">{about}</p>
      <p>{code}</p>
      {kind === "agency" ? (
        <>
          <Part
            title={t("disclosure.authorizations")}
            heads={[
              t("disclosure.agreement"),
              t("disclosure.operator"),
              t("disclosure.term"),
              t("disclosure.resources"),
            ]}
            rows={authorizations.map((it) => [
              it.title,
              it.operator,
              `${it.term.from} – ${it.term.until}`,
              it.resources.join(t("marks.list")),
            ])}
          />
          <Part
            title={t("disclosure.ceilings")}
            heads={[t("disclosure.product"), t("disclosure.amount")]}
            rows={ceilings.map((it) => [it.product, it.amount ?? ""])}
          />
        </>
      ) : (
        <>
          <Part
            title={t("disclosure.resources")}
            heads={[t("disclosure.resource"), t("disclosure.provider"), t("disclosure.field")]}
            rows={resources.map((it) => [it.name, it.provider, it.field_of_application])}
          />
          <Part
            title={t("disclosure.products")}
            heads={[t("disclosure.product"), t("disclosure.summary"), t("disclosure.service")]}
            rows={products.map((it) => [it.name, it.summary, it.service_level])}
          />
          <Part
            title={t("disclosure.prices")}
            heads={[t("disclosure.product"), t("disclosure.amount"), t("disclosure.since")]}
            rows={prices.map((it) => [it.product, it.amount ?? t("disclosure.free"), it.since ?? ""])}
          />
        </>
      )}
    </>
  );
}

export function Part({ title, heads, rows }: { title: string; heads: string[]; rows: string[][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <Table<string[]>
        size="small"
        rowKey={(row) => row.join(" ")}
        pagination={false}
        dataSource={rows}
        columns={heads.map((head, index) => ({ title: head, render: (_, row) => row[index] }))}
      />
    </section>
  );
}
