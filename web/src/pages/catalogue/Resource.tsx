import { useParams } from "@tanstack/react-router";
import { Card, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ReasonedAct } from "../../acts/ActButton";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useMay, useResource, useSession } from "../../api/queries";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { useFieldType, useRelease } from "../../shell/release";
import { State } from "../../shell/State";
import { stacked } from "../../shell/stacked";
import { Table } from "../../shell/Table";
import { Regradings } from "./Regradings";
import { ChangeDue, Quality, Special, Volume, Withdrawn } from "./Standing";
import { Upload } from "./Upload";

export default function ResourcePage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  const resource = useResource(id ?? "");
  return (
    <Page title={resource.data?.name ?? t("catalogue.title")}>
      <Loaded of={resource}>{(item) => <Resource item={item} />}</Loaded>
    </Page>
  );
}

function Resource({ item }: { item: Schemas["Resource"] }) {
  const { t } = useTranslation();
  const session = useSession();
  const [release, typed] = [useRelease(), useFieldType()];
  const mine = useMay("version.record") && session.data?.party.id === item.provider.id;
  // What a provider does, it does to its own resources.
  const others = session.data?.party.role === "provider" && session.data.party.id !== item.provider.id;
  return (
    <div className="stack">
      <Withdrawn of={item} />
      <ChangeDue of={item} />
      <Card>
        <Descriptions
          size="small"
          column={{ xs: 1, md: 2 }}
          items={[
            { key: "provider", label: t("common.provider"), children: item.provider.name },
            { key: "table", label: t("catalogue.table"), children: <span className="mono">{item.table}</span> },
            { key: "area", label: t("catalogue.area"), children: item.field_of_application },
            { key: "frequency", label: t("catalogue.frequency"), children: item.frequency },
            { key: "boundary", label: t("catalogue.boundary"), children: item.boundary },
            { key: "basis", label: t("catalogue.basis"), children: item.legal_basis },
            { key: "contact", label: t("catalogue.contact"), children: item.contact },
            { key: "key", label: t("catalogue.subjectKey"), children: item.subject_key ?? t("common.none") },
          ]}
        />
      </Card>
      <Card title={<h2>{t("catalogue.entry")}</h2>}>
        <Volume of={item} />
        <h3>{t("catalogue.special")}</h3>
        <Special of={item} />
        {!others && <Acts of={item} />}
      </Card>
      <Quality of={item} />
      <Card title={<h2>{t("catalogue.fields")}</h2>}>
        <Table
          size="small"
          rowKey="name"
          pagination={false}
          dataSource={item.fields}
          {...stacked<Schemas["Field"]>([
            { title: t("common.name"), render: (_, field) => <span className="mono">{field.name}</span> },
            { title: t("catalogue.meaning"), dataIndex: "meaning" },
            { title: t("catalogue.type"), render: (_, field) => typed(field.type) },
            { title: t("catalogue.level"), dataIndex: "level" },
            {
              title: t("catalogue.release"),
              render: (_, field) => release(field.release),
            },
          ])}
        />
      </Card>
      <Regradings of={item} />
      <Card title={<h2>{t("catalogue.versions")}</h2>}>
        <Versions item={item} own={!others} />
        <Notices of={item.id} />
        {mine && <Upload resource={item.id} />}
      </Card>
    </div>
  );
}

const ACTS = [
  "resource.amend",
  "resource.regrade",
  "resource.clear",
  "clearance.withdraw",
  "quality.open",
  "quality.check",
];

/** What is done about a resource that is not withdrawn. */
function Acts({ of }: { of: Schemas["Resource"] }) {
  const { t } = useTranslation();
  if (of.withdrawn) return null;
  return (
    <div className="bar">
      <ActLinks acts={ACTS} of={[of.id]} />
      <ReasonedAct
        act="resource.withdraw"
        command="withdraw_resource"
        title={t("catalogue.withdraw")}
        danger
        of={{ resource: of.id }}
        revision={of.revision}
      />
    </div>
  );
}

function Versions({ item, own }: { item: Schemas["Resource"]; own: boolean }) {
  const { t } = useTranslation();
  return (
    <Table
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={item.versions}
      columns={[
        { title: t("catalogue.version"), render: (_, version) => <span className="mono">{version.id}</span> },
        { title: t("catalogue.rows"), render: (_, version) => version.rows.toLocaleString() },
        { title: t("catalogue.quarantined"), dataIndex: "quarantined" },
        {
          title: t("catalogue.source"),
          render: (_, version) => <span className="mono">{version.source_sha256.slice(0, 16)}…</span>,
        },
        { title: t("common.status"), render: (_, version) => <State of={version.status} /> },
        {
          title: t("common.actions"),
          render: (_, version) =>
            ["in_operation", "held_back"].includes(stateOf(version.status) ?? "")
              ? own && (
                  <ReasonedAct
                    act="version.destroy"
                    command="order_destruction"
                    title={t("catalogue.destroy")}
                    danger
                    of={{ resource: item.id, version: version.id }}
                  />
                )
              : t("catalogue.destroyed"),
        },
      ]}
    />
  );
}

const stateOf = (status: unknown) => (status as { state?: string } | null)?.state;
