/** What was asked under a scenario, what it came to, and what refused it. */
import { Card, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useRuns } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";

type Run = Schemas["WorkRun"];

export function Runs({ scenario }: { scenario: string }) {
  const { t } = useTranslation();
  const runs = useRuns(scenario);
  return (
    <Loaded of={runs} empty={t("workbench.noRuns")}>
      {(parties) => (
        <div className="stack">
          <p>{t("workbench.runsHint")}</p>
          {parties.map((of) => (
            <Card key={of.party.id} title={of.party.name}>
              <div className="stack">
                <Attempts of={of.tally} today={of.today} />
                <Newest of={of.newest} />
              </div>
            </Card>
          ))}
        </div>
      )}
    </Loaded>
  );
}

/** How many were asked, answered and refused, by which control; today's numbers where they are given. */
export function Attempts({ of, today }: { of: Schemas["RunTally"]; today?: Schemas["RunsToday"] }) {
  const { t } = useTranslation();
  const control = useControl();
  const refused = of.refused.map(({ control: by, count }) => `${control(by)} ${count}`);
  const figures = {
    attempts: of.attempts,
    answered: of.answered,
    open: of.open,
    refusedOnData: of.refused_on_data,
    refusedBy: refused.length > 0 ? refused.join(t("marks.comma")) : t("common.none"),
    ...(today && {
      today: `${today.runs} / ${today.runs_max}`,
      refusalsToday: `${today.refusals} / ${today.refusals_max}`,
    }),
  };
  const names = Object.keys(figures) as (keyof Words["workbench"]["attempts"])[];
  return (
    <Descriptions
      bordered
      size="small"
      column={3}
      items={names.map((name) => ({ key: name, label: t(`workbench.attempts.${name}`), children: figures[name] }))}
    />
  );
}

function Newest({ of }: { of: Run[] }) {
  const { t } = useTranslation();
  return (
    <Table<Run>
      size="small"
      rowKey="id"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      dataSource={of}
      columns={[
        { title: t("live.at"), dataIndex: "at" },
        { title: t("workbench.kind"), render: (_, { kind }) => t(`workbench.runKinds.${kind as RunKind}`) },
        { title: t("common.status"), render: (_, { state }) => t(`workbench.runStates.${state as RunState}`) },
        { title: t("workbench.refusal"), render: (_, { refused }) => refused && <Refused of={refused} /> },
        { title: t("workbench.sql"), render: (_, run) => <code className="mono">{askedFor(run)}</code> },
      ]}
    />
  );
}

type RunKind = keyof Words["workbench"]["runKinds"];
type RunState = keyof Words["workbench"]["runStates"];

function Refused({ of }: { of: Schemas["RunRefusal"] }) {
  const { t } = useTranslation();
  const control = useControl();
  const place = of.location ? t("problem.location", of.location) : "";
  return (
    <span className="state-bad">{[control(of.control), of.rule, of.column, place].filter(Boolean).join(" · ")}</span>
  );
}

/** The query of a training is on record; of any other there is what commits to it. */
function askedFor({ sql_commitment, training }: Run) {
  return training ? `${training.name}: ${training.sql}` : sql_commitment;
}

function useControl() {
  const { t } = useTranslation();
  return (control: string) => t(`workbench.controls.${control as keyof Words["workbench"]["controls"]}`);
}
