/** A period that the public is told of: from, until, where; and where it came on record late, by how much and what shows it. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { FileHash } from "../files/FileHash";

export interface Notification {
  term: Schemas["Term"];
  notice: string;
  late_days: number;
  evidence_sha256?: string | null;
}

export function Notified({ of }: { of: Notification }) {
  const { t } = useTranslation();
  const { term, notice, late_days: days, evidence_sha256: evidence } = of;
  return (
    <>
      {t("notified.period", { from: term.from, until: term.until, notice })}
      {days > 0 && (
        <div className="state-wait">
          {t("notified.late", { count: days })}
          {evidence && (
            <>
              {t("notified.evidence")} <FileHash sha256={evidence} />
            </>
          )}
        </div>
      )}
    </>
  );
}
