/** The steps of an exit: who answers for each until when, and what was reported of it. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Field } from "../../acts/fields";
import type { Schemas } from "../../api/client";
import { useAgreements, useParties, useSession } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { isKept, reportOf } from "./report";

type Exit = Schemas["Exit"];
type Step = Schemas["ExitStep"];
type Asset = Schemas["ExitAsset"];
type Name = keyof Words["exits"]["steps"];
type Outcome = keyof Words["exits"]["outcomes"];

export function Steps({ exit }: { exit: Exit }) {
  const { t } = useTranslation();
  const own = useSession().data?.party.id;
  const id = `${exit.id}-steps`;
  return (
    <>
      <h3 id={id} className="part">
        {t("exits.plan")}
      </h3>
      <Table<Step>
        size="small"
        rowKey="step"
        aria-labelledby={id}
        pagination={false}
        dataSource={exit.steps}
        columns={[
          { title: t("exits.step"), render: (_, { step }) => t(`exits.steps.${step as Name}`) },
          { title: t("exits.owner"), render: (_, { owner }) => owner?.name ?? t("common.none") },
          { title: t("exits.due"), render: (_, { due }) => due ?? t("common.none") },
          { title: t("common.status"), render: (_, step) => <Standing of={step} /> },
          { title: t("exits.evidence"), render: (_, { evidence }) => evidence ?? "" },
          {
            title: t("common.actions"),
            render: (_, step) =>
              !exit.closed_at && step.owner?.id === own && waits(exit, step) ? (
                <Report exit={exit} step={step} />
              ) : null,
          },
        ]}
      />
    </>
  );
}

/** A step waits until it is reported; what turned up since is reported by it as well. */
const waits = (exit: Exit, { step, done_at: done }: Step): boolean =>
  !done || exit.assets.some((asset) => asset.step === step && !asset.outcome);

function Standing({ of }: { of: Step }) {
  const { t } = useTranslation();
  if (of.done_at) return <span className="state-good">{t("exits.doneAt", { at: beijing(of.done_at) })}</span>;
  if (!of.owner) return <span className="state-wait">{t("exits.unplanned")}</span>;
  return (
    <span className={of.late ? "state-bad" : "state-wait"}>{t(of.late ? "exits.stepLate" : "exits.stepWaits")}</span>
  );
}

/** What its owner says of a step: what became of each of its assets, and what shows it. */
function Report({ exit, step }: { exit: Exit; step: Step }) {
  const { t } = useTranslation();
  const assets = exit.assets.filter((asset) => asset.step === step.step && !asset.outcome);
  // What has no way to end yet cannot be reported; the server says so of what is left out.
  const ready = assets.filter(({ outcomes }) => outcomes.length > 0);
  const successorOf = ({ id, name }: Asset): Field => ({
    kind: "text",
    name: `successor ${id}`,
    label: t("exits.successorOf", { name }),
  });
  const statementOf = ({ id, name }: Asset): Field[] => {
    const assessment = { name: `assessment ${id}`, label: t("exits.assessmentOf", { name }) };
    const reveals = { name: `reveals ${id}`, label: t("exits.revealsOf", { name }) };
    const options = [false, true].map((value) => ({ value: String(value), label: t(`exits.reveals.${value}`) }));
    return [
      { kind: "file", ...assessment, optional: true, with: [reveals] },
      { kind: "select", ...reveals, options, optional: true, with: [assessment] },
    ];
  };
  const ofAssets = ready.flatMap((asset): Field[] => [
    {
      kind: "select",
      name: `outcome ${asset.id}`,
      label: t("exits.outcomeOf", { name: asset.name, id: asset.id }),
      options: asset.outcomes.map((value) => ({ value, label: t(`exits.outcomes.${value as Outcome}`) })),
    },
    { kind: "text", name: `evidence ${asset.id}`, label: t("exits.evidenceOf", { name: asset.name }) },
    ...(asset.outcomes.includes("continued") ? [successorOf(asset)] : []),
    ...(step.step === "models" && isKept(asset) ? statementOf(asset) : []),
  ]);
  const ofMoney: Field[] =
    step.step === "settlement"
      ? [{ kind: "money", name: "excess_returned", label: t("exits.excess"), optional: true }]
      : [];
  const shown = (asset: Asset) =>
    asset.destroyed_at ? t("exits.certificateOf", { at: beijing(asset.destroyed_at) }) : undefined;
  const initial = ready.flatMap((asset) => [
    ...(asset.outcomes.length === 1 ? [[`outcome ${asset.id}`, asset.outcomes[0]]] : []),
    [`evidence ${asset.id}`, shown(asset)],
  ]);
  return (
    <ActButton
      act="exit.step"
      command="report_exit_step"
      title={t("exits.report", { step: t(`exits.steps.${step.step as Name}`) })}
      of={{ exit: exit.id, step: step.step }}
      revision={exit.revision}
      fields={[...ofAssets, ...ofMoney, { kind: "text", name: "evidence", label: t("exits.stepEvidence") }]}
      initial={Object.fromEntries(initial)}
      build={(values) => ({
        report: reportOf(ready, values),
        evidence: values.evidence,
        ...(values.excess_returned ? { excess_returned: values.excess_returned } : {}),
      })}
    />
  );
}

/** The choice beside the agreements of successors: a plan that names none refunds the order and ends it. */
const REFUNDED = "refunded";

/** An owner and a day for each step that is not done, and how each open order runs out. */
export function Plan({ exit }: { exit: Exit }) {
  const { t } = useTranslation();
  const parties = useParties().data ?? [];
  const open = exit.steps.filter(({ done_at: done }) => !done);
  const options = parties.map(({ id, name }) => ({ value: id, label: name }));
  const fields = open.flatMap(({ step }): Field[] => {
    const name = t(`exits.steps.${step as Name}`);
    return [
      { kind: "select", name: `owner ${step}`, label: t("exits.ownerOf", { step: name }), options },
      { kind: "date", name: `due ${step}`, label: t("exits.dueOf", { step: name }) },
    ];
  });
  const successors = (useAgreements().data ?? [])
    .filter(({ id, status }) => id !== exit.agreement.id && (status as { state?: string } | null)?.state === "signed")
    .map(({ id, title }) => ({ value: id, label: t("exits.continuedUnder", { title }) }));
  const orders = exit.assets.filter(({ class: of, outcome }) => of === "open_subscription" && !outcome);
  const runOuts = orders.map(
    ({ id, name }): Field => ({
      kind: "select",
      name: `run out ${id}`,
      label: t("exits.runOutOf", { name }),
      options: [{ value: REFUNDED, label: t("exits.refundedAndEnded") }, ...successors],
    }),
  );
  const initial = [
    ...open.flatMap(({ step, owner, due }) => [
      [`owner ${step}`, owner?.id ?? proposed(exit, step)],
      [`due ${step}`, due ?? exit.due],
    ]),
    ...orders.map(({ id, continued_under: under }) => [`run out ${id}`, under?.id ?? REFUNDED]),
  ];
  return (
    <ActButton
      act="exit.plan"
      command="plan_exit"
      title={t("exits.planIt")}
      of={{ exit: exit.id }}
      revision={exit.revision}
      fields={[...fields, ...runOuts]}
      initial={Object.fromEntries(initial)}
      build={(values) => ({
        run_outs: orders.map(({ id }) => ({
          subscription: id,
          ...(values[`run out ${id}`] === REFUNDED ? {} : { continued_under: values[`run out ${id}`] }),
        })),
        steps: exit.steps.map(({ step, owner, due, done_at: done }) =>
          done ? { step, owner: owner?.id, due } : { step, owner: values[`owner ${step}`], due: values[`due ${step}`] },
        ),
      })}
    />
  );
}

/** Whose all assets of the step are answers for it; otherwise who leaves. */
export function proposed(exit: Pick<Exit, "assets" | "operator">, step: string): string {
  const owners = new Set(exit.assets.filter((asset) => asset.step === step).map(({ owner }) => owner?.id));
  const [only] = owners;
  return owners.size === 1 && only ? only : exit.operator.id;
}
