/** The next version of a resource, from a file as it is. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../../api/client";
import { usePick } from "../../i18n";
import { Problem } from "../../shell/Problem";

export function Upload({ resource }: { resource: string }) {
  const { t } = useTranslation();
  const pick = usePick();
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const upload = useMutation({
    mutationFn: (chosen: File) =>
      body(
        api.POST("/api/v1/resources/{id}/versions", {
          params: { path: { id: resource } },
          headers: { "Content-Type": "application/octet-stream" },
          // The document describes bytes as numbers; the file goes out as it is.
          body: chosen as unknown as number[],
          bodySerializer: (bytes: unknown) => bytes as File,
        }),
      ),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="stack" style={{ marginTop: 16 }}>
      <div className="bar">
        <label htmlFor={id}>{t("catalogue.file")}</label>
        <input id={id} type="file" onChange={(event) => setFile(event.target.files?.[0])} />
        <Button disabled={!file} loading={upload.isPending} onClick={() => file && upload.mutate(file)}>
          {t("catalogue.upload")}
        </Button>
      </div>
      <div aria-live="polite">
        <Problem error={upload.error} />
        {upload.data && (
          <Alert
            type="success"
            title={t("catalogue.uploaded", {
              rows: upload.data.rows,
              quarantined: upload.data.quarantined,
              index: upload.data.receipt.index,
            })}
            description={upload.data.errors.map((row) => (
              <div key={`${row.line}:${row.column}`}>
                {t("problem.row", row)}
                {t("marks.colon")}
                {pick(row.message)}
              </div>
            ))}
          />
        )}
      </div>
    </div>
  );
}
