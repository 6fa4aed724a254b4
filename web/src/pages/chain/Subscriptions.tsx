import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useRevenue, useSubscriptions } from "../../api/queries";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { State } from "../../shell/State";
import { Table } from "../../shell/Table";
import { Listed } from "./Listed";

export function Subscriptions() {
  const { t } = useTranslation();
  const subscriptions = useSubscriptions();
  return (
    <Listed
      of={subscriptions}
      empty={t("chain.noSubscription")}
      columns={[
        { title: t("chain.consumer"), render: (_, item) => item.consumer.name },
        { title: t("chain.product"), render: (_, item) => item.product.name },
        { title: t("market.purpose"), dataIndex: "purpose" },
        {
          title: t("chain.calls"),
          render: (_, item) => (
            <>
              {`${count(item.calls + item.failed)} / ${count(item.quota_calls_max)}`}
              {item.proposed && <div>{t("chain.quotaProposed", quotaOf(item.proposed))}</div>}
            </>
          ),
        },
        {
          title: t("chain.failed"),
          render: (_, item) =>
            t("chain.failedOf", { failed: item.failed, today: item.failed_today, most: item.failed_today_max }),
        },
        { title: t("chain.charged"), render: (_, item) => t("common.yuan", { amount: item.charged }) },
        { title: t("common.status"), render: (_, item) => <State of={item.open ? "open" : "closed"} /> },
        {
          title: t("common.actions"),
          render: (_, item) => (
            <div className="stack">
              <Doing of={item} />
              <Notices of={item.id} />
            </div>
          ),
        },
      ]}
    />
  );
}

function Doing({ of: item }: { of: Schemas["Subscription"] }) {
  const { t } = useTranslation();
  if (!item.open) return null;
  return (
    <div className="bar">
      <ActButton
        act="subscription.quota"
        command="agree_quota"
        title={t("chain.agreeQuota")}
        of={{ subscription: item.id }}
        revision={item.revision}
        initial={{ quota_calls_max: (item.proposed ?? item).quota_calls_max }}
        fields={[{ kind: "integer", min: 1, name: "quota_calls_max", label: t("market.quota") }]}
      />
      <ActButton
        act="subscription.close"
        command="unsubscribe"
        title={t("chain.unsubscribe")}
        of={{ subscription: item.id }}
      />
    </div>
  );
}

const count = (number: number) => number.toLocaleString("en");

const quotaOf = ({ by, quota_calls_max }: Schemas["ProposedQuota"]) => ({ party: by.name, quota: quota_calls_max });

export function Revenue() {
  const { t } = useTranslation();
  const revenue = useRevenue();
  return (
    <Loaded of={revenue} empty={t("chain.noRevenue")}>
      {(items) => (
        <Table
          size="small"
          rowKey={(item) => item.party.id}
          pagination={false}
          dataSource={items}
          columns={[
            { title: t("chain.party"), render: (_, item) => item.party.name },
            { title: t("chain.received"), render: (_, item) => t("common.yuan", { amount: item.received }) },
            { title: t("chain.calls"), dataIndex: "calls" },
          ]}
        />
      )}
    </Loaded>
  );
}
