/** Who cosigns the log, how far, and who is late. */
import { Card, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useWitnesses } from "../../api/queries";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";

type Witness = Schemas["Witness"];

export function Witnesses() {
  const { t } = useTranslation();
  const witnessed = useWitnesses();
  return (
    <Card title={<h2>{t("witnesses.title")}</h2>}>
      <Loaded of={witnessed}>
        {({ size, final_size, items }) => (
          <div className="stack">
            <Descriptions
              items={[
                { key: "size", label: t("witnesses.size"), children: size },
                { key: "final", label: t("witnesses.final"), children: final_size },
              ]}
            />
            <Table
              size="small"
              rowKey="key"
              pagination={false}
              dataSource={items}
              locale={{ emptyText: t("witnesses.none") }}
              columns={[
                { title: t("common.name"), dataIndex: "name" },
                { title: t("witnesses.cosigned"), dataIndex: "size" },
                {
                  title: t("live.at"),
                  render: (_, item) => item.at && beijing(item.at),
                },
                { title: t("common.status"), render: (_, item) => <Standing of={item} /> },
                { title: t("witnesses.key"), render: (_, item) => <span className="mono">{item.key}</span> },
              ]}
            />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Standing({ of }: { of: Witness }) {
  const { t } = useTranslation();
  if (!of.late) return <span className="state-good">● {t("witnesses.current")}</span>;
  return (
    <span className="state-bad">
      ● {t("witnesses.late")} {of.error && <span className="mono">{of.error}</span>}
    </span>
  );
}
