/** What goes abroad: how many persons' information went this year, and the documents by which it may. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useExportCounts, useExports, useMay, useSession } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded, Page } from "../../shell/Page";
import { Table } from "../../shell/Table";

type Document = Schemas["ExportDocument"];
type Count = Schemas["ExportCount"];

/** To whom the counts of an operator are shown. */
const COUNTED = ["agency", "operator", "supervisor"];

export default function Border() {
  const { t } = useTranslation();
  const documents = useExports();
  const counts = useExportCounts();
  const mayRecord = useMay("export.record");
  // Of whom information goes abroad is counted for the operator and those who watch it.
  const counted = COUNTED.includes(useSession().data?.party.role ?? "");
  return (
    <Page title={t("border.title")}>
      <p>{t("border.what")}</p>
      <div className="bar">
        {mayRecord && (
          <Link to="/acts" search={{ act: "export.record" }}>
            {t("border.record")}
          </Link>
        )}
      </div>
      {counted && <h2>{t("border.counts")}</h2>}
      {counted && (
        <Loaded of={counts} empty={t("border.noCounts")}>
          {(items) => (
            <Table<Count>
              size="small"
              rowKey={({ operator }) => operator.id}
              pagination={false}
              dataSource={items}
              columns={[
                { title: t("border.operator"), render: (_, { operator }) => operator.name },
                { title: t("border.year"), dataIndex: "year" },
                { title: t("border.persons"), dataIndex: "persons" },
                { title: t("border.sensitive"), dataIndex: "sensitive" },
                {
                  title: t("border.thresholds"),
                  render: (_, count) =>
                    t("border.from", {
                      contract: count.contract_persons,
                      assessment: count.assessment_persons,
                      sensitive: count.assessment_sensitive,
                    }),
                },
              ]}
            />
          )}
        </Loaded>
      )}
      <h2>{t("border.documents")}</h2>
      <Loaded of={documents} empty={t("border.none")}>
        {(items) => (
          <Table<Document>
            size="small"
            rowKey="id"
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            dataSource={items}
            columns={[
              { title: t("border.consumer"), render: (_, { consumer }) => consumer.name },
              {
                title: t("border.path"),
                render: (_, { path }) => t(`border.paths.${path as keyof Words["border"]["paths"]}`),
              },
              { title: t("border.number"), dataIndex: "document_number" },
              { title: t("files.evidence"), render: (_, item) => <FileHash sha256={item.document_sha256} /> },
              { title: t("border.term"), render: (_, item) => t("border.span", { ...item }) },
              {
                title: t("border.stands"),
                render: (_, { valid, ended }) => ended ?? t(valid ? "border.valid" : "border.over"),
              },
              {
                title: t("common.actions"),
                render: (_, { id, ended }) => (
                  <>
                    {!ended && <ActLinks acts={["export.end"]} of={[id]} />}
                    <Notices of={id} />
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
