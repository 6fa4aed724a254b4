/** Files behind the hashes that acts name: what one keeps, and what one may read of others. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import { useFiles, useSession } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import { type Kept, keep, size } from "../../files/store";
import { Loaded, Page } from "../../shell/Page";
import { Problem } from "../../shell/Problem";
import { Table } from "../../shell/Table";
import { beijing } from "../../shell/time";

export default function Files() {
  const { t } = useTranslation();
  const files = useFiles();
  const session = useSession().data;
  const removes = ({ named, by }: Kept) => !named && (session?.party.role === "agency" || by.id === session?.party.id);
  return (
    <Page title={t("files.title")}>
      <p>{t("files.what")}</p>
      <Add known={files.data ?? []} party={session?.party.id ?? ""} />
      <Loaded of={files} empty={t("files.empty")}>
        {(items) => (
          <Table<Kept>
            size="small"
            rowKey="id"
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            dataSource={items}
            columns={[
              { title: t("files.name"), render: (_, { sha256 }) => <FileHash sha256={sha256} /> },
              { title: "SHA-256", render: (_, { sha256 }) => <span className="mono">{sha256}</span> },
              { title: t("files.size"), align: "right", render: (_, { bytes }) => size(bytes) },
              { title: t("files.type"), dataIndex: "media_type" },
              { title: t("files.by"), render: (_, { by }) => by.name },
              { title: t("files.at"), render: (_, { at }) => beijing(at) },
              { title: t("common.status"), render: (_, { named }) => t(named ? "files.named" : "files.unnamed") },
              {
                title: t("common.actions"),
                render: (_, file) =>
                  removes(file) && (
                    <ActButton
                      act="file.remove"
                      command="remove_file"
                      title={t("files.remove")}
                      of={{ file: file.id }}
                      fields={[{ kind: "area", name: "reason", label: t("common.reason") }]}
                    />
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Add({ known, party }: { known: Kept[]; party: string }) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const keeping = useMutation({
    mutationFn: (file: File) => keep(file, known, party),
    onSuccess: () => client.invalidateQueries({ queryKey: ["files"] }),
  });
  return (
    <div className="stack">
      <div className="bar">
        <label htmlFor={id}>{t("files.add")}</label>
        <input
          id={id}
          type="file"
          disabled={keeping.isPending}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) keeping.mutate(file);
          }}
        />
      </div>
      <div aria-live="polite">
        {keeping.isPending && t("files.keeping")}
        <Problem error={keeping.error} />
        {keeping.data && <Alert type="success" title={t("files.kept", { name: keeping.data.name })} />}
      </div>
    </div>
  );
}
