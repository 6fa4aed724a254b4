/** Certificates: the authority's own, codes to enrol with, what was issued and how it stands, revocation. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Popconfirm, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { useCertificates } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded, Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";

type Certificate = Schemas["CertificateEntry"];
type Kind = Schemas["CertificateKind"];
type Reason = Schemas["RevocationReason"];

const KINDS: Kind[] = ["organization", "service", "person"];
const REASONS: Reason[] = [
  "key_compromise",
  "affiliation_changed",
  "superseded",
  "cessation_of_operation",
  "privilege_withdrawn",
];

export default function Certificates() {
  const { t } = useTranslation();
  const certificates = useCertificates();
  return (
    <Page title={t("certificates.title")}>
      <div className="bar">
        {(["root.pem", "issuing.pem", "revoked.crl"] as const).map((file) => (
          <a key={file} href={`/ca/${file}`} download={file}>
            {t(`certificates.files.${file.replace(".", "_") as keyof Words["certificates"]["files"]}`)}
          </a>
        ))}
      </div>
      <Invite />
      <h2>{t("certificates.issued")}</h2>
      <Loaded of={certificates} empty={t("certificates.empty")}>
        {(items) => <Issued of={items} />}
      </Loaded>
    </Page>
  );
}

function Invite() {
  const { t } = useTranslation();
  const invite = useMutation({
    mutationFn: (request: Schemas["EnrolmentCodeRequest"]) =>
      body(api.POST("/api/v1/certificates/codes", { body: request })),
  });
  return (
    <section aria-labelledby="invite" className="stack">
      <h2 id="invite">{t("certificates.invite")}</h2>
      <p>{t("certificates.inviteHelp")}</p>
      <Form layout="inline" initialValues={{ kind: "service" }} onFinish={(values) => invite.mutate(values)}>
        <Form.Item name="kind" label={t("certificates.kind")}>
          <Select
            style={{ minWidth: 120 }}
            options={KINDS.map((value) => ({ value, label: t(`certificates.kinds.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="name" label={t("certificates.name")} rules={[{ required: true, whitespace: true }]}>
          <Input />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={invite.isPending}>
          {t("certificates.code")}
        </Button>
      </Form>
      <Problem error={invite.error} />
      {invite.data && (
        <Alert
          role="status"
          type="success"
          title={<span className="mono">{invite.data.code}</span>}
          description={t("certificates.codeOnce", { until: beijing(invite.data.expires_at) })}
        />
      )}
    </section>
  );
}

function Issued({ of }: { of: Certificate[] }) {
  const { t } = useTranslation();
  const stands = ({ status, reason }: Certificate) => {
    const word = t(`certificates.states.${status as keyof Words["certificates"]["states"]}`);
    return reason ? `${word}${t("marks.colon")}${t(`certificates.reasons.${reason as Reason}`)}` : word;
  };
  return (
    <Table<Certificate>
      size="small"
      rowKey="serial"
      dataSource={of}
      columns={[
        { title: t("certificates.party"), dataIndex: "party" },
        { title: t("certificates.kind"), render: (_, { kind }) => t(`certificates.kinds.${kind as Kind}`) },
        { title: t("certificates.name"), dataIndex: "name" },
        { title: t("certificates.serial"), render: (_, { serial }) => <span className="mono">{serial}</span> },
        { title: t("certificates.until"), render: (_, { expires_at }) => beijing(expires_at) },
        { title: t("common.status"), render: (_, certificate) => stands(certificate) },
        {
          title: t("certificates.revoke"),
          render: (_, { serial, status }) => (status === "good" ? <Revoke serial={serial} /> : null),
        },
      ]}
    />
  );
}

function Revoke({ serial }: { serial: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [reason, choose] = useState<Reason>("cessation_of_operation");
  const revoke = useMutation({
    mutationFn: () =>
      body(api.POST("/api/v1/certificates/{serial}/revocation", { params: { path: { serial } }, body: { reason } })),
    onSuccess: async ({ receipt }) => {
      message.success(t("common.recorded", { index: receipt.index }));
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <Popconfirm
        title={t("certificates.revokeSure")}
        description={
          <Select
            aria-label={t("certificates.reason")}
            value={reason}
            onChange={choose}
            style={{ minWidth: 180 }}
            options={REASONS.map((value) => ({ value, label: t(`certificates.reasons.${value}`) }))}
          />
        }
        okText={t("certificates.revoke")}
        cancelText={t("common.cancel")}
        onConfirm={() => revoke.mutate()}
      >
        <Button size="small" danger loading={revoke.isPending}>
          {t("certificates.revoke")}
        </Button>
      </Popconfirm>
      <Problem error={revoke.error} />
    </>
  );
}
