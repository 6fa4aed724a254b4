/** Exits: the steps with owners and days, the inventory by lineage in three classes, settlement, the end. */
import { Link } from "@tanstack/react-router";
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useAgreements, useExits } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { beijing, day } from "../../shell/time";
import { Sums } from "../books/Sums";
import { Assets } from "./Assets";
import { CloseExit } from "./CloseExit";
import { GROUPS, inGroup } from "./groups";
import { Plan, Steps } from "./Steps";

type Exit = Schemas["Exit"];
type Ground = keyof Words["exits"]["grounds"];
const CLOSING_DAYS = 90;

export default function Exits() {
  const { t } = useTranslation();
  const exits = useExits();
  return (
    <Page title={t("exits.title")}>
      <p>{t("exits.what")}</p>
      <div className="bar">
        <Start />
      </div>
      <Loaded of={exits} empty={t("exits.empty")}>
        {(items) => [...items].reverse().map((exit) => <One key={exit.id} exit={exit} />)}
      </Loaded>
    </Page>
  );
}

function Start() {
  const { t } = useTranslation();
  const agreements = useAgreements().data ?? [];
  const signed = agreements.filter(({ status }) => (status as { state?: string } | null)?.state === "signed");
  const grounds: Ground[] = ["term_ends", "terminated", "serious_breach", "qualification_lost", "public_interest"];
  return (
    <ActButton
      act="exit.start"
      command="start_exit"
      title={t("exits.start")}
      danger
      initial={{ due: day(CLOSING_DAYS) }}
      fields={[
        {
          kind: "select",
          name: "agreement",
          label: t("exits.agreement"),
          options: signed.map(({ id, title }) => ({ value: id, label: title })),
        },
        {
          kind: "select",
          name: "ground",
          label: t("exits.ground"),
          options: grounds.map((value) => ({ value, label: t(`exits.grounds.${value}`) })),
        },
        { kind: "area", name: "reason", label: t("exits.reason") },
        { kind: "file", name: "document_sha256", label: t("exits.document"), optional: true },
        { kind: "date", name: "due", label: t("exits.due") },
      ]}
    />
  );
}

function One({ exit }: { exit: Exit }) {
  const { t } = useTranslation();
  const { id, agreement, operator, closed_at: closed, late, assets } = exit;
  const keys = assets.filter(({ class: of }) => of === "raw_data");
  const destroyed = keys.filter(({ destroyed_at }) => destroyed_at);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {agreement.name} · {t(closed ? "exits.closed" : "exits.open")}
        {late && <span className="state-bad">{t("exits.late")}</span>}
      </h2>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "operator", label: t("exits.operator"), children: operator.name },
          { key: "ground", label: t("exits.ground"), children: t(`exits.grounds.${exit.ground as Ground}`) },
          { key: "started", label: t("exits.startedAt"), children: beijing(exit.started_at) },
          { key: "due", label: t("exits.due"), children: exit.due },
          { key: "reason", label: t("exits.reason"), children: exit.reason },
          ...(closed
            ? [
                { key: "closed", label: t("exits.closedAt"), children: beijing(closed) },
                { key: "conclusion", label: t("exits.conclusion"), children: exit.conclusion },
              ]
            : []),
          ...(keys.length > 0
            ? [
                {
                  key: "keys",
                  label: t("exits.keys"),
                  children: t("exits.keysOf", { destroyed: destroyed.length, count: keys.length }),
                },
              ]
            : []),
        ]}
      />
      {exit.whole && (
        <div className="bar">
          {!closed &&
            (exit.steps.every(({ done_at: done }) => done) ? <CloseExit exit={exit} /> : <Plan exit={exit} />)}
          <Paper of="exits" id={id} />
          <Notices of={id} />
        </div>
      )}
      {exit.steps.length > 0 && <Steps exit={exit} />}
      {GROUPS.filter((group) => inGroup(assets, group).length > 0).map((group) => (
        <Assets key={group} exit={exit} group={group} />
      ))}
      {exit.settlement && <Final of={exit.settlement} />}
    </section>
  );
}

function Final({ of }: { of: Schemas["Settlement"] }) {
  const { t } = useTranslation();
  // What is left of the last months is not invoiced yet.
  const settled = of.final && !of.next_close && of.unsettled.length === 0 && Number(of.excess) === 0;
  return (
    <>
      <h3 className="part">{t("exits.settlement")}</h3>
      <Sums of={of} />
      {of.unsettled.length > 0 && <p>{t("exits.unsettledRevenue", { ids: of.unsettled.join(t("marks.list")) })}</p>}
      {Number(of.excess) !== 0 && <p>{t("exits.excessOwed", { amount: of.excess })}</p>}
      <p>
        <span className={settled ? "state-good" : "state-wait"}>
          {t(settled ? "exits.settled" : "exits.unsettled")}
        </span>{" "}
        <Link to="/books">{t("exits.toBooks")}</Link>
      </p>
    </>
  );
}
