/** Alerts: what is out of the ordinary in the use of a product or the workbench, and what was found about it. */

import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useAlerts, useMay } from "../../api/queries";
import { usePick } from "../../i18n";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { beijing } from "../../shell/time";

type Alert = Schemas["Alert"];

export default function Alerts() {
  const { t } = useTranslation();
  const alerts = useAlerts();
  return (
    <Page title={t("alerts.title")}>
      <Loaded of={alerts} empty={t("alerts.empty")}>
        {(items) => items.map((alert) => <One key={alert.id} alert={alert} />)}
      </Loaded>
    </Page>
  );
}

function One({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const pick = usePick();
  const { id, name, party, day, handled, late } = alert;
  const state = handled ? pick(handled.name) : t("alerts.waiting");
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {pick(name)} · {party.name} · {day} · <span className={handled ? "state-good" : "state-wait"}>{state}</span>
        {late && <span className="state-bad">{t("alerts.late")}</span>}
      </h2>
      <Facts of={alert} />
      {handled && <Finding of={handled} />}
      <div className="bar">
        {!handled && <Doing id={id} />}
        <Notices of={id} />
      </div>
    </section>
  );
}

function Facts({ of }: { of: Alert }) {
  const { t } = useTranslation();
  const { product, scenario, figure, bound, raised, due, rule } = of;
  const items = [
    ...(product ? [{ key: "product", label: t("alerts.product"), children: product.name }] : []),
    { key: "scenario", label: t("alerts.scenario"), children: scenario.name },
    { key: "figure", label: t("alerts.figure"), children: t("alerts.reached", { figure, bound }) },
    { key: "raised", label: t("alerts.raised"), children: beijing(raised) },
    { key: "due", label: t("alerts.due"), children: due },
    { key: "rule", label: t("alerts.rule"), children: <span className="mono">{rule}</span> },
  ];
  return <Descriptions size="small" column={1} items={items} />;
}

function Finding({ of }: { of: Schemas["AlertHandled"] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const { how, measures, incident, by, at } = of;
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: "how", label: t("alerts.how"), children: how },
        ...(measures.length > 0
          ? [{ key: "measures", label: t("alerts.measures"), children: measures.map(pick).join(t("alerts.and")) }]
          : []),
        ...(incident
          ? [{ key: "incident", label: t("alerts.incident"), children: <Link to="/incidents">{incident.name}</Link> }]
          : []),
        { key: "by", label: t("alerts.by"), children: `${by.name} · ${beijing(at)}` },
      ]}
    />
  );
}

/** The act, and the one that comes first where it is an incident. */
function Doing({ id }: { id: string }) {
  const { t } = useTranslation();
  const mayHandle = useMay("alert.handle");
  if (!mayHandle) return null;
  return (
    <>
      <Link to="/acts" search={{ act: "alert.handle", of: [id] }}>
        {t("alerts.handle")}
      </Link>
      <Link to="/acts" search={{ act: "incident.report" }}>
        {t("incidents.report")}
      </Link>
    </>
  );
}
