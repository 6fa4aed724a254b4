/** The assets of one class: whose each is to deal with, by when, and what became of it. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import { useSession } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";
import { type Group, inGroup, standing } from "./groups";

type Exit = Schemas["Exit"];
type Asset = Schemas["ExitAsset"];

export function Assets({ exit, group }: { exit: Exit; group: Group }) {
  const { t } = useTranslation();
  const assets = inGroup(exit.assets, group);
  const id = `${exit.id}-${group}`;
  return (
    <>
      <h3 id={id} className="part">
        {t(`exits.groups.${group}`)}
        {t("marks.open")}
        {assets.length}
        {t("marks.close")}
      </h3>
      <Table<Asset>
        size="small"
        rowKey="id"
        aria-labelledby={id}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        tableLayout="fixed"
        dataSource={assets}
        columns={[
          {
            title: t("common.name"),
            width: "26%",
            render: (_, asset) => (
              <>
                {asset.name}
                <div className="mono">{asset.id}</div>
              </>
            ),
          },
          {
            title: t("exits.class"),
            width: "11%",
            render: (_, asset) => t(`exits.classes.${asset.class as keyof Words["exits"]["classes"]}`),
          },
          { title: t("exits.origin"), width: "15%", render: (_, { origin }) => origin.name },
          { title: t("exits.owner"), render: (_, { owner }) => owner?.name ?? t("common.none") },
          { title: t("exits.due"), width: 110, className: "nowrap", render: () => exit.due },
          { title: t("common.status"), width: "16%", render: (_, asset) => <Standing of={asset} /> },
          ...(exit.closed_at
            ? [{ title: t("exits.evidence"), render: (_: unknown, { evidence }: Asset) => evidence }]
            : [
                {
                  title: t("common.actions"),
                  width: 110,
                  render: (_: unknown, asset: Asset) => <Doing asset={asset} />,
                },
              ]),
        ]}
      />
    </>
  );
}

function Standing({ of }: { of: Asset }) {
  const { t } = useTranslation();
  switch (standing(of)) {
    case "reported":
      return (
        <>
          <span className="state-good">{t(`exits.outcomes.${of.outcome as keyof Words["exits"]["outcomes"]}`)}</span>
          {of.continued_under && <div>{of.continued_under.name}</div>}
          {of.assessment_sha256 && <div>{t(`exits.reveals.${of.reveals_raw_data === true}`)}</div>}
        </>
      );
    case "destroyed":
      return <span className="state-good wrap">{t("exits.destroyedAt", { at: beijing(of.destroyed_at ?? "") })}</span>;
    case "late":
      return <span className="state-bad">{t("exits.waitsLate")}</span>;
    case "waiting":
      return <span className="state-wait">{t("exits.waits")}</span>;
  }
}

/** What its owner has to do before it can be reported. */
function Doing({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const own = useSession().data?.party.id;
  if (!asset.act || asset.owner?.id !== own) return null;
  const reason = { kind: "text", name: "reason", label: t("common.reason") } as const;
  const props = { act: asset.act, danger: true, fields: [reason], initial: { reason: t("exits.forExit") } };
  switch (asset.act) {
    case "version.destroy":
      return (
        <ActButton
          {...props}
          command="order_destruction"
          title={t("catalogue.destroy")}
          of={{ resource: asset.origin.id, version: asset.id }}
        />
      );
    case "output.withdraw":
      return (
        <ActButton {...props} command="withdraw_output" title={t("workbench.withdraw")} of={{ output: asset.id }} />
      );
    case "model.withdraw":
      return (
        <ActButton {...props} command="withdraw_model" title={t("exits.withdrawModel")} of={{ model: asset.id }} />
      );
    default:
      return null;
  }
}
