import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Field } from "../../acts/fields";
import { api, body, type Schemas } from "../../api/client";
import { useMay, useParties } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { Posts } from "./Posts";

const ROLES = ["agency", "provider", "operator", "partner", "consumer", "subject", "supervisor", "assessor"] as const;

const REGIONS = ["mainland", "hong_kong", "macao", "elsewhere"] as const;

export default function Parties() {
  const { t } = useTranslation();
  const parties = useParties();
  const region = useRegion();
  const mayChange = useMay("party.change");
  return (
    <Page title={t("parties.title")}>
      <div className="stack">
        <div className="bar">
          <ActButton
            act="party.register"
            command="register_party"
            title={t("parties.register")}
            kind="primary"
            initial={{ organization: true }}
            fields={[
              { kind: "text", name: "name", label: t("common.name") },
              {
                kind: "select",
                name: "role",
                label: t("parties.role"),
                options: ROLES.map((role) => ({ value: role, label: t(`role.${role}`) })),
              },
              { kind: "text", name: "code", label: t("parties.code"), optional: true },
              region,
              { kind: "switch", name: "organization", label: t("parties.organization") },
            ]}
            build={({ organization, code, region, ...party }) => ({
              party: { ...party, code: code || null, ...(region ? { region } : {}) },
              organization: organization === true,
            })}
          />
        </div>
        <Loaded of={parties}>
          {(items) => (
            <Table
              size="small"
              rowKey="id"
              pagination={{ pageSize: 20, hideOnSinglePage: true }}
              dataSource={items}
              columns={[
                { title: t("common.name"), dataIndex: "name" },
                { title: t("parties.role"), render: (_, item) => t(`role.${item.role as keyof Words["role"]}`) },
                {
                  title: t("parties.region"),
                  render: (_, item) => t(`regions.${item.region as keyof Words["regions"]}`),
                },
                { title: t("parties.code"), render: (_, item) => <span className="mono">{item.code ?? "—"}</span> },
                {
                  title: t("common.status"),
                  render: (_, item) =>
                    item.left
                      ? t("parties.left", { at: beijing(item.left.at), reason: item.left.reason })
                      : t("parties.present"),
                },
                ...(mayChange || items.some(({ left }) => left)
                  ? [
                      {
                        title: t("common.actions"),
                        render: (_: unknown, item: Schemas["Party"]) =>
                          item.left ? <Notices of={item.id} /> : <Changes of={item.id} />,
                      },
                    ]
                  : []),
              ]}
            />
          )}
        </Loaded>
        <Posts />
        <Keys />
      </div>
    </Page>
  );
}

/** Where a party is: what goes to it is counted by that. */
function useRegion(): Field {
  const { t } = useTranslation();
  const options = REGIONS.map((value) => ({ value, label: t(`regions.${value}`) }));
  return { kind: "select", name: "region", label: t("parties.region"), options, optional: true };
}

/** A change of name, code or region, and the end of the registration, each with what shows it. */
function Changes({ of }: { of: string }) {
  const { t } = useTranslation();
  const region = useRegion();
  const evidence = { kind: "file", name: "evidence_sha256", label: t("parties.evidence") } as const;
  const reason = { kind: "text", name: "reason", label: t("common.reason") } as const;
  return (
    <div className="bar">
      <ActButton
        act="party.change"
        command="change_party"
        title={t("parties.change")}
        of={{ party: of }}
        initial={{ organization: true }}
        fields={[
          { kind: "text", name: "name", label: t("common.name"), optional: true },
          { kind: "text", name: "code", label: t("parties.code"), optional: true },
          region,
          { kind: "switch", name: "organization", label: t("parties.organization") },
          { kind: "date", name: "since", label: t("parties.since") },
          evidence,
        ]}
        build={({ name, code, region, organization, ...rest }) => ({
          ...rest,
          region: region || null,
          name: name || null,
          code: code || null,
          organization: organization === true && Boolean(code),
        })}
      />
      <ActButton
        act="party.deregister"
        command="deregister_party"
        title={t("parties.deregister")}
        of={{ party: of }}
        fields={[reason, evidence]}
        danger
      />
    </div>
  );
}

function Keys() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay("credential.issue");
  const issue = useMutation({
    mutationFn: (given: Schemas["KeyRequest"]) => body(api.POST("/api/v1/keys", { body: given })),
    onSuccess: () => client.invalidateQueries(),
  });
  if (!may) return null;
  return (
    <Card title={<h2>{t("parties.keys")}</h2>}>
      <Form layout="inline" onFinish={(given: Schemas["KeyRequest"]) => issue.mutate(given)}>
        <Form.Item name="label" label={t("parties.label")} rules={[{ required: true, message: t("common.required") }]}>
          <Input />
        </Form.Item>
        <Button htmlType="submit" loading={issue.isPending}>
          {t("parties.issue")}
        </Button>
      </Form>
      <div aria-live="polite" style={{ marginTop: 16 }}>
        <Problem error={issue.error} />
        {issue.data && (
          <Alert
            type="success"
            title={t("parties.once")}
            description={<span className="mono">{issue.data.key}</span>}
          />
        )}
      </div>
    </Card>
  );
}
