/** The hash of a document; a link to it where it is on the platform and open to whoever looks. */
import { useTranslation } from "react-i18next";
import { useFiles } from "../api/queries";
import { fileAddress } from "./store";

export function FileHash({ sha256 }: { sha256: string | null | undefined }) {
  const { t } = useTranslation();
  const files = useFiles();
  if (!sha256) return <>{t("common.none")}</>;
  const file = files.data?.find((file) => file.sha256 === sha256);
  if (!file) {
    return (
      <span className="mono" title={t("files.elsewhere")}>
        {sha256}
      </span>
    );
  }
  return (
    <a className="file" href={fileAddress(sha256)} download={file.name} title={`SHA-256 ${sha256}`}>
      {t("files.download", { name: file.name })}
    </a>
  );
}
