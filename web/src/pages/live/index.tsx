/** What happens, as it happens, and the switch that stops a scenario. */
import { useQueryClient } from "@tanstack/react-query";
import { Card, Switch } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useFeed, useMay, useScenarios } from "../../api/queries";
import { usePick } from "../../i18n";
import type { Words } from "../../i18n/zh";
import { Loaded, Page } from "../../shell/Page";
import { State } from "../../shell/State";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { FreezeOrThaw } from "../chain/FreezeOrThaw";
import { Witnesses } from "./Witnesses";

type Line = Schemas["FeedItem"];
const LINES_MAX = 500;

/** The newest lines first: what was there, then what came since. */
function useLines(): { lines: Line[]; connected: boolean; feed: ReturnType<typeof useFeed> } {
  const client = useQueryClient();
  const feed = useFeed();
  const [fresh, setFresh] = useState<Line[]>([]);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const source = new EventSource("/api/v1/feed/live");
    source.onopen = () => {
      setConnected(true);
      void client.invalidateQueries({ queryKey: ["feed"] });
    };
    source.onerror = () => setConnected(false);
    source.addEventListener("entry", (event) => {
      setFresh((lines) => [JSON.parse(event.data) as Line, ...lines].slice(0, LINES_MAX));
      void client.invalidateQueries({ queryKey: ["scenarios"] });
    });
    source.addEventListener("lagged", () => void client.invalidateQueries({ queryKey: ["feed"] }));
    return () => source.close();
  }, [client]);
  const byIndex = new Map([...(feed.data ?? []), ...fresh].map((line) => [line.index, line]));
  const lines = [...byIndex.values()].sort((a, b) => b.index - a.index).slice(0, LINES_MAX);
  return { lines, connected, feed };
}

export default function Live() {
  const { t } = useTranslation();
  const pick = usePick();
  const { lines, connected, feed } = useLines();
  const [refusedOnly, setRefusedOnly] = useState(false);
  const shown = lines.filter((line) => !refusedOnly || isBad(line));
  return (
    <Page title={t("live.title")}>
      <div className="stack">
        <Control />
        <Witnesses />
        <Card title={<h2>{t("live.feed")}</h2>}>
          <div className="bar">
            <span role="status" className={connected ? "state-good" : "state-bad"}>
              ● {connected ? t("live.connected") : t("live.lost")}
            </span>
            <Switch
              id="refused-only"
              checked={refusedOnly}
              onChange={setRefusedOnly}
              aria-label={t("live.refusedOnly")}
            />
            <label htmlFor="refused-only">{t("live.refusedOnly")}</label>
          </div>
          <Loaded of={feed} empty={t("live.noFeed")}>
            {() => (
              <Table
                size="small"
                rowKey="index"
                dataSource={shown}
                pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
                columns={[
                  { title: t("market.index"), dataIndex: "index" },
                  { title: t("live.at"), render: (_, line) => beijing(line.at) },
                  { title: t("live.actor"), dataIndex: "actor" },
                  { title: t("live.event"), render: (_, line) => pick(line.text) },
                  { title: t("live.outcome"), render: (_, line) => <Outcome line={line} /> },
                  { title: t("market.fee"), dataIndex: "fee" },
                ]}
              />
            )}
          </Loaded>
        </Card>
      </div>
    </Page>
  );
}

function Outcome({ line }: { line: Line }) {
  const { t } = useTranslation();
  const word = t(`live.${line.outcome as keyof Pick<Words["live"], "recorded" | "answered" | "failed" | "refused">}`);
  if (!isBad(line)) return <span className="state-good">{word}</span>;
  const why = line.failure
    ? t(`live.failures.${line.failure as keyof Words["live"]["failures"]}`, { defaultValue: line.failure })
    : line.refused_by;
  return (
    <span className="state-bad">
      {word} <span className="mono">{why}</span>
    </span>
  );
}

/** Refused, or permitted and without an answer. */
function isBad(line: Line): boolean {
  return line.outcome === "refused" || line.outcome === "failed";
}

function Control() {
  const { t } = useTranslation();
  const scenarios = useScenarios();
  const may = useMay("scenario.freeze");
  if (!may) return null;
  return (
    <Card title={<h2>{t("live.scenarios")}</h2>}>
      <Loaded of={scenarios} empty={t("live.noScenarios")}>
        {(items) => (
          <Table
            size="small"
            rowKey="id"
            pagination={false}
            dataSource={items}
            columns={[
              { title: t("common.name"), dataIndex: "name" },
              { title: t("market.purpose"), dataIndex: "purpose" },
              { title: t("chain.calls"), render: (_, item) => item.calls + item.failed },
              { title: t("chain.failed"), dataIndex: "failed" },
              { title: t("common.status"), render: (_, item) => <State of={item.status} /> },
              { title: t("common.actions"), render: (_, item) => <FreezeOrThaw scenario={item} /> },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
