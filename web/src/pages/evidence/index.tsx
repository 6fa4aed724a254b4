/** Evidence packages of entries, and what was erased of what calls carried. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { useErasures, useMay } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded, Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { save } from "../../shell/save";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { entriesOf } from "./entries";

type Erasure = Schemas["Erasure"];

export default function Evidence() {
  const { t } = useTranslation();
  const mayErase = useMay("calls.erase");
  return (
    <Page title={t("evidence.title")}>
      <Package />
      <h2>{t("evidence.erasures")}</h2>
      {mayErase && (
        <div className="bar">
          <Link to="/acts" search={{ act: "calls.erase" }}>
            {t("evidence.order")}
          </Link>
        </div>
      )}
      <Erasures />
    </Page>
  );
}

function Package() {
  const { t } = useTranslation();
  const make = useMutation({
    mutationFn: async ({ entries, purpose }: { entries: string; purpose: string }) => {
      const request = { entries: entriesOf(entries) ?? [], purpose };
      const made: unknown = await body(api.POST("/api/v1/evidence", { body: request, parseAs: "blob" }));
      save(made as Blob, "evidence.zip");
    },
  });
  const check = (_: unknown, text: string) =>
    entriesOf(text ?? "") ? Promise.resolve() : Promise.reject(new Error(t("evidence.entriesHelp")));
  return (
    <section aria-labelledby="package" className="stack">
      <h2 id="package">{t("evidence.package")}</h2>
      <p>{t("evidence.packageHelp")}</p>
      <Form layout="vertical" style={{ maxWidth: 560 }} onFinish={(values) => make.mutate(values)}>
        <Form.Item
          name="entries"
          label={t("evidence.entries")}
          extra={t("evidence.entriesHelp")}
          rules={[{ validator: check }]}
        >
          <Input placeholder="12, 15-20" />
        </Form.Item>
        <Form.Item name="purpose" label={t("evidence.purpose")} rules={[{ required: true, whitespace: true }]}>
          <Input.TextArea rows={2} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={make.isPending}>
          {t("evidence.make")}
        </Button>
      </Form>
      <Problem error={make.error} />
      {make.isSuccess && <Alert role="status" type="success" title={t("evidence.made")} />}
    </section>
  );
}

function Erasures() {
  const { t } = useTranslation();
  const erasures = useErasures();
  return (
    <Loaded of={erasures} empty={t("evidence.noErasures")}>
      {(items) => (
        <Table<Erasure>
          size="small"
          rowKey="id"
          pagination={{ hideOnSinglePage: true }}
          dataSource={items}
          columns={[
            { title: t("evidence.at"), render: (_, { at }) => beijing(at) },
            { title: t("evidence.by"), render: (_, { by }) => by.name },
            {
              title: t("evidence.ground"),
              render: (_, { ground }) => t(`evidence.grounds.${ground as keyof Words["evidence"]["grounds"]}`),
            },
            { title: t("evidence.basis"), dataIndex: "basis" },
            { title: t("evidence.entries"), render: (_, { entries }) => entries.join(", ") },
          ]}
        />
      )}
    </Loaded>
  );
}
