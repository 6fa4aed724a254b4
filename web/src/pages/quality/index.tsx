/** Work orders about the quality of data: what is asked of a department until when, its answers, and the agency's finding. */
import { Link } from "@tanstack/react-router";
import { Select, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useWorkOrders } from "../../api/queries";
import { usePick } from "../../i18n";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { stacked } from "../../shell/stacked";
import { beijing } from "../../shell/time";

type Order = Schemas["WorkOrder"];
const STATES = ["open", "answered", "closed"] as const;

export default function Quality() {
  const { t } = useTranslation();
  const orders = useWorkOrders();
  return (
    <Page title={t("quality.title")}>
      <p>{t("quality.what")}</p>
      <div className="bar">
        <ActLinks acts={["quality.open", "quality.check"]} of={[]} />
      </div>
      <Loaded of={orders} empty={t("quality.empty")}>
        {(items) => <Orders of={items} />}
      </Loaded>
    </Page>
  );
}

export function Orders({ of }: { of: Order[] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const [state, setState] = useState<string>();
  const [holder, setHolder] = useState<string>();
  const holders = [...new Map(of.map(({ holder: { id, name } }) => [id, name]))];
  const shown = of.filter((order) => (!state || order.state === state) && (!holder || order.holder.id === holder));
  const columns = stacked<Order>([
    {
      title: t("quality.resource"),
      render: (_, { resource, holder: { name } }) => (
        <>
          <Link to="/catalogue/$id" params={{ id: resource.id }}>
            {resource.name}
          </Link>
          <div>{name}</div>
        </>
      ),
    },
    {
      title: t("quality.issue"),
      render: (_, { name, text, by, at }) => (
        <>
          {pick(name)}
          {t("marks.colon")}
          {text}
          <div>{t("quality.opened", { by: by?.name ?? t("quality.byPlatform"), at: beijing(at) })}</div>
        </>
      ),
    },
    { title: t("quality.due"), render: (_, order) => <Due of={order} /> },
    { title: t("common.status"), render: (_, order) => <Stands of={order} /> },
    {
      title: t("common.actions"),
      render: (_, { id, state: stands }) => (
        <div className="stack">
          {stands === "open" && <ActLinks acts={["quality.answer"]} of={[id]} />}
          {stands === "answered" && <ActLinks acts={["quality.close"]} of={[id]} />}
          <Notices of={id} />
        </div>
      ),
    },
  ]);
  return (
    <div className="stack">
      <div className="bar">
        <Select
          allowClear
          aria-label={t("common.status")}
          placeholder={t("quality.anyState")}
          options={STATES.map((value) => ({ value, label: t(`quality.states.${value}`) }))}
          onChange={setState}
          style={{ minWidth: 160 }}
        />
        <Select
          allowClear
          aria-label={t("quality.holder")}
          placeholder={t("quality.anyHolder")}
          options={holders.map(([value, label]) => ({ value, label }))}
          onChange={setHolder}
          style={{ minWidth: 240 }}
        />
      </div>
      <Table
        size="small"
        rowKey="id"
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        dataSource={shown}
        {...columns}
      />
    </div>
  );
}

function Due({ of }: { of: Order }) {
  const { t } = useTranslation();
  return (
    <>
      {of.due}
      {of.provisional ? t("register.provisional") : ""}
      {of.late && <div className="state-bad">{t("quality.late")}</div>}
    </>
  );
}

function Stands({ of }: { of: Order }) {
  const { t } = useTranslation();
  const { state, answers, closed } = of;
  const kind = state === "closed" ? "good" : "wait";
  return (
    <>
      <span className={`state-${kind}`}>● {t(`quality.states.${state as (typeof STATES)[number]}`)}</span>
      {of.held_back && <div className="state-bad">{t("quality.heldBack")}</div>}
      {answers.map(({ at, how }) => (
        <div key={at}>{t("quality.answer", { at: beijing(at), how })}</div>
      ))}
      {closed && <div>{t("quality.closed", { at: beijing(closed.at), reason: closed.reason })}</div>}
    </>
  );
}
