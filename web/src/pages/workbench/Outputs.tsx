/** Outputs: where each stands, what the checks and the reviewers said, and what can be done now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ReasonedAct } from "../../acts/ActButton";
import { api, body, type Schemas } from "../../api/client";
import { useOutputs, useSession } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { save } from "../../shell/save";
import { Table } from "../../shell/Table";
import { Review } from "./Review";

type Output = Schemas["Output"];

export function Outputs() {
  const { t } = useTranslation();
  const outputs = useOutputs();
  const [reading, read] = useState<string>();
  const kind = (of: Output) => t(`workbench.kinds.${of.kind as keyof Words["workbench"]["kinds"]}`);
  const state = (of: Output) => t(`workbench.states.${of.state as keyof Words["workbench"]["states"]}`);
  return (
    <Loaded of={outputs} empty={t("workbench.noOutputs")}>
      {(items) => (
        <div className="stack">
          <Table<Output>
            size="small"
            rowKey="id"
            pagination={false}
            dataSource={[...items].reverse()}
            columns={[
              { title: t("workbench.outputTitle"), render: (_, of) => `${of.title} · v${of.number}` },
              { title: t("workbench.kind"), render: (_, of) => kind(of) },
              { title: t("workbench.submitter"), render: (_, of) => of.submitter.name },
              { title: t("common.status"), render: (_, of) => state(of) },
              { title: t("workbench.checks"), render: (_, of) => <Checks of={of.checks} /> },
              { title: t("workbench.reviews"), render: (_, of) => <Reviews of={of.reviews} /> },
              { title: t("common.actions"), render: (_, of) => <Doing of={of} read={read} /> },
            ]}
          />
          {items.some(({ id, state }) => id === reading && state === "submitted") && reading && (
            <Review id={reading} close={() => read(undefined)} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function Checks({ of }: { of: Schemas["OutputCheck"][] }) {
  const { t } = useTranslation();
  const failed = of.filter(({ passed }) => !passed);
  if (failed.length === 0) return t("workbench.passed", { count: of.length });
  const names = failed.map(({ check }) => t(`workbench.check.${check as keyof Words["workbench"]["check"]}`));
  return <span className="state-bad">{t("workbench.failed", { names: names.join(t("marks.list")) })}</span>;
}

function Reviews({ of }: { of: Schemas["OutputReviewed"][] }) {
  const { t } = useTranslation();
  const word = (decision: string) => t(`workbench.decisions.${decision as keyof Words["workbench"]["decisions"]}`);
  return of.map(({ at, decision, reason, reviewer }) => (
    <div key={at}>
      {reviewer.name}
      {t("marks.colon")}
      {word(decision)}
      {t("marks.comma")}
      {reason}
    </div>
  ));
}

function Doing({ of, read }: { of: Output; read: (id: string) => void }) {
  const { t } = useTranslation();
  const own = useSession().data?.party.id === of.submitter.id;
  const kept = of.state === "submitted" || of.state === "released";
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      {of.reviewable && of.state === "submitted" && (
        <Button type="primary" onClick={() => read(of.id)}>
          {t("workbench.review")}
        </Button>
      )}
      {own && of.state === "released" && <Collect id={of.id} />}
      {own && kept && (
        <ReasonedAct
          act="output.withdraw"
          command="withdraw_output"
          title={t("workbench.withdraw")}
          of={{ output: of.id }}
          revision={of.revision}
        />
      )}
      <Notices of={of.id} />
    </div>
  );
}

function Collect({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const collect = useMutation({
    mutationFn: () => body(api.POST("/api/v1/workbench/outputs/{id}/collection", { params: { path: { id } } })),
    onSuccess: async (collected) => {
      save(contentOf(collected), collected.file_name);
      message.success(t("common.recorded", { index: collected.recorded.receipt.index }));
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <Button onClick={() => collect.mutate()} loading={collect.isPending}>
        {t("workbench.collect")}
      </Button>
      <Problem error={collect.error} />
    </>
  );
}

/** What was collected, which comes in Base64. */
function contentOf({ content, media_type }: Schemas["CollectResponse"]): Blob {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: media_type });
}
