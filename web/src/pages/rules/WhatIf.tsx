/** A proposed rule pack, tried on the record: which decisions it would change. Nothing is put in force by asking. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Input, Table } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { usePick } from "../../i18n";
import type { Words } from "../../i18n/zh";
import { Problem } from "../../shell/Problem";
import { stacked } from "../../shell/stacked";
import { placeOf } from "../../shell/things";
import { beijing } from "../../shell/time";

type Decision = Schemas["DecisionTried"];
type Change = keyof Words["rules"]["changes"];

const ask = (pack: string): Promise<Schemas["RulesTried"]> =>
  body(
    api.POST("/api/v1/rules/what-if", {
      body: pack,
      headers: { "Content-Type": "application/toml" },
      bodySerializer: (text: unknown) => text as string,
    }),
  );

export function WhatIf() {
  const { t } = useTranslation();
  const id = useId();
  const [pack, setPack] = useState("");
  const asking = useMutation({ mutationFn: ask });
  const read = async (file: File | undefined) => file && setPack(await file.text());
  return (
    <section aria-labelledby={`${id}-title`} className="stack">
      <h2 id={`${id}-title`}>{t("rules.tryTitle")}</h2>
      <p>{t("rules.tryHelp")}</p>
      <div className="bar">
        <label htmlFor={`${id}-file`}>{t("rules.packFile")}</label>
        <input id={`${id}-file`} type="file" accept=".toml" onChange={(event) => void read(event.target.files?.[0])} />
      </div>
      <label htmlFor={`${id}-pack`}>{t("rules.pack")}</label>
      <Input.TextArea
        id={`${id}-pack`}
        className="mono"
        autoSize={{ minRows: 6, maxRows: 20 }}
        value={pack}
        onChange={(event) => setPack(event.target.value)}
      />
      <div className="bar">
        <Button type="primary" disabled={!pack.trim()} loading={asking.isPending} onClick={() => asking.mutate(pack)}>
          {t("rules.try")}
        </Button>
      </div>
      <div aria-live="polite">
        <Problem error={asking.error} />
        {asking.data && <Found tried={asking.data} />}
      </div>
    </section>
  );
}

/** What came of it. */
export function Found({ tried }: { tried: Schemas["RulesTried"] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const { acts, calls, changed, items, history_differs_at: differs } = tried;
  return (
    <div className="stack">
      <Alert
        role="status"
        showIcon
        type={changed === 0 ? "success" : "warning"}
        title={t("rules.tried", { acts, calls, changed })}
        description={
          <>
            {pick(tried.unseen)}
            {items.length < changed && <div>{t("rules.listed", { count: items.length })}</div>}
            {differs != null && <div>{t("rules.differs", { index: differs })}</div>}
          </>
        }
      />
      {items.length > 0 && <Changes of={items} />}
    </div>
  );
}

function Changes({ of }: { of: Decision[] }) {
  const { t } = useTranslation();
  const columns = stacked<Decision>([
    {
      title: t("rules.entry"),
      render: (_, { entry }) => (
        <a href={`/api/v1/entries/${entry.index}/receipt`} download={`${entry.index}.json`}>
          {t("rules.index", { index: entry.index })}
        </a>
      ),
    },
    { title: t("rules.at"), render: (_, { entry }) => beijing(entry.at) },
    { title: t("rules.decision"), render: (_, { entry }) => <What entry={entry} /> },
    { title: t("rules.change"), render: (_, { change }) => t(`rules.changes.${change as Change}`) },
    {
      title: t("rules.why"),
      render: (_, { recorded, proposed }) => (
        <>
          {recorded && <Refused by={recorded} {...(proposed ? { said: t("rules.recorded") } : {})} />}
          {proposed && <Refused by={proposed} {...(recorded ? { said: t("rules.proposed") } : {})} />}
        </>
      ),
    },
  ]);
  return <Table size="small" rowKey={({ entry }) => entry.index} dataSource={of} {...columns} />;
}

/** By which rule it was or would be refused; which of the two, where both are. */
function Refused({ by, said }: { by: Schemas["Refusal"]; said?: string }) {
  const pick = usePick();
  return (
    <>
      {said}
      <span className="mono">{by.rule}</span>
      <div>{pick(by.message)}</div>
      <div>{`${by.source} ${by.article}`}</div>
    </>
  );
}

/** The decision, leading to the page of what it was about. */
function What({ entry }: { entry: Decision["entry"] }) {
  const pick = usePick();
  const place = entry.stream ? placeOf(entry.stream) : undefined;
  return place ? <Link {...place}>{pick(entry.text)}</Link> : pick(entry.text);
}
