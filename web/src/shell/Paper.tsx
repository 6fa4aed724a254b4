/** A link to the paper of a thing on record, PDF. */
import { useTranslation } from "react-i18next";

type Things =
  | "plans"
  | "selections"
  | "scenarios"
  | "assessments"
  | "incidents"
  | "exits"
  | "disputes"
  | "disclosures"
  | "reports"
  | "periods"
  | "permitted-revenue"
  | "engagements"
  /** The notice of an act, by the index of its entry. */
  | "acts";

export function Paper({ of, id, label }: { of: Things; id: string; label?: string }) {
  const { t } = useTranslation();
  return (
    <a href={`/api/v1/${of}/${encodeURIComponent(id)}/document`} download={`${id}.pdf`}>
      {label ?? t("common.paper")}
    </a>
  );
}
