/** What a reviewer reads of an output, and decides. */
import { Alert, Button, Card, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useOutputForReview } from "../../api/queries";
import { usePick } from "../../i18n";
import { Loaded } from "../../shell/Page";
import { Attempts } from "./Runs";

const DECISIONS = ["release", "change", "refuse"] as const;

export function Review({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const shown = useOutputForReview(id);
  return (
    <Card title={t("workbench.review")} extra={<Button onClick={close}>{t("common.close")}</Button>}>
      <Loaded of={shown}>{(of) => <Reading of={of} />}</Loaded>
    </Card>
  );
}

function Reading({ of }: { of: Schemas["OutputForReview"] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const { output } = of;
  return (
    <div className="stack">
      <p>
        {output.title} · v{output.number} · {output.submitter.name}
        {t("marks.colon")}
        {output.justification}
      </p>
      <Figures of={of.figures} />
      <h3>{t("workbench.attempted", { party: output.submitter.name })}</h3>
      <Attempts of={of.attempts} />
      {!of.derivation_as_recorded && <Alert type="warning" title={t("workbench.derivationChanged")} />}
      <Text title={t("workbench.derivation")} text={pick(of.derivation)} />
      {of.changes && <Changes of={of.changes} />}
      {of.sql && <Text title={t("workbench.sql")} text={of.sql} />}
      {Object.keys(of.values).length > 0 && <Text title={t("workbench.values")} text={valued(of.values)} />}
      <Text title={`${t("workbench.content")} · SHA-256 ${output.content_sha256}`} text={readable(of)} />
      <ActButton
        act="output.review"
        command="review_output"
        title={t("workbench.decide")}
        kind="primary"
        of={{ output: output.id, content_sha256: output.content_sha256 }}
        revision={output.revision}
        fields={[
          {
            kind: "select",
            name: "decision",
            label: t("workbench.decision"),
            options: DECISIONS.map((decision) => ({ value: decision, label: t(`workbench.decisions.${decision}`) })),
          },
          { kind: "area", name: "reason", label: t("common.reason") },
        ]}
      />
    </div>
  );
}

function Figures({ of }: { of: Schemas["OutputFigures"] }) {
  const { t } = useTranslation();
  const percent = `${(of.unique_basis_points / 100).toFixed(2)}%`;
  const figures = {
    rows: of.rows,
    combinations: of.combinations,
    unique: `${of.unique}${t("marks.open")}${percent}${t("marks.close")}`,
    suppressed: of.suppressed,
    smallest: of.smallest ?? t("common.none"),
    subjects: of.subjects,
  };
  const names = Object.keys(figures) as (keyof typeof figures)[];
  return (
    <Descriptions
      bordered
      size="small"
      column={3}
      items={names.map((name) => ({ key: name, label: t(`workbench.figures.${name}`), children: figures[name] }))}
    />
  );
}

function Changes({ of }: { of: string[] }) {
  const { t } = useTranslation();
  return <Text title={t("workbench.changes")} text={of.length > 0 ? of.join("\n") : t("common.none")} />;
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="mono scroll" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function valued(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join("\n");
}

/** A module is no text; its digest is what a reviewer compares. */
function readable({ content, media_type }: Schemas["OutputForReview"]): string {
  if (media_type === "application/wasm") return media_type;
  return new TextDecoder().decode(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
}
