/** Levels and release rules that wait to become looser: of which columns, from what to what, by what, and who decides. */
import { Card, Table } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { FileHash } from "../../files/FileHash";
import { useRelease } from "../../shell/release";
import { stacked } from "../../shell/stacked";
import { beijing } from "../../shell/time";
import { type Change, changesOf, type Regrading, regradingsOf } from "./regrading";

export function Regradings({ of }: { of: Schemas["Resource"] }) {
  const { t } = useTranslation();
  const waiting = regradingsOf(of);
  if (waiting.length === 0) return null;
  return (
    <Card title={<h2>{t("catalogue.regradings")}</h2>}>
      <p>{t("catalogue.regradingsHelp")}</p>
      {waiting.map((regrading) => (
        <One key={`${regrading.at} ${regrading.document_sha256}`} regrading={regrading} fields={of.fields} />
      ))}
      <div className="bar">
        <ActLinks acts={["regrading.decide"]} of={[of.id]} />
      </div>
    </Card>
  );
}

function One({ regrading, fields }: { regrading: Regrading; fields: Schemas["Field"][] }) {
  const { t } = useTranslation();
  const release = useRelease();
  const { at, reason, basis, document_sha256: document } = regrading;
  const columns = stacked<Change>([
    { title: t("common.name"), render: (_, { name }) => <span className="mono">{name}</span> },
    { title: t("catalogue.meaning"), dataIndex: "meaning" },
    {
      title: t("catalogue.level"),
      render: (_, { from, to }) => t("catalogue.fromTo", { from: from?.level ?? t("common.none"), to: to.level }),
    },
    {
      title: t("catalogue.release"),
      render: (_, { from, to }) =>
        t("catalogue.fromTo", { from: from ? release(from.release) : t("common.none"), to: release(to.release) }),
    },
  ]);
  return (
    <>
      <p>
        <span className="state-wait">{t("catalogue.waitsSince", { at: beijing(at) })}</span>{" "}
        {t("catalogue.regradingWhy", { reason, basis })} <FileHash sha256={document} />
      </p>
      <Table size="small" rowKey="name" pagination={false} dataSource={changesOf(regrading, fields)} {...columns} />
    </>
  );
}
