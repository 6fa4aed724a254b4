/** Complaints about how an operator goes about its business: what is said, what was found, what was put right. */
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { useComplaints } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { beijing } from "../../shell/time";

type Complaint = Schemas["Complaint"];
type Step = Schemas["ComplaintStep"];
/** What is done about a complaint in each of its states; one that is not answered in time is decided without. */
const ACTS: Record<string, string[]> = {
  filed: ["complaint.answer"],
  late: ["complaint.answer", "complaint.decide"],
  answered: ["complaint.decide"],
  upheld: ["complaint.rectify"],
  rectified: ["complaint.close"],
};

export function Complaints() {
  const { t } = useTranslation();
  const complaints = useComplaints();
  return (
    <section aria-labelledby="complaints">
      <h2 id="complaints">{t("complaints.title")}</h2>
      <p>{t("complaints.what")}</p>
      <div className="bar">
        <ActLinks acts={["complaint.file"]} of={[]} />
      </div>
      <Loaded of={complaints} empty={t("complaints.empty")}>
        {(items) => items.map((item) => <One key={item.id} of={item} />)}
      </Loaded>
    </section>
  );
}

export function One({ of }: { of: Complaint }) {
  const { t } = useTranslation();
  const stands = t(`complaints.states.${of.status as keyof Words["complaints"]["states"]}`);
  const late = of.late ? t("disclosure.late") : "";
  const said = (step: Step) => (
    <div key={step.at}>
      {step.text}
      <div>{t("complaints.by", { by: step.by.name, at: beijing(step.at) })}</div>
      {step.document_sha256 && <FileHash sha256={step.document_sha256} />}
    </div>
  );
  const items = [
    {
      key: "by",
      label: t("complaints.complainant"),
      children: t("complaints.by", { by: of.by.name, at: beijing(of.at) }),
    },
    { key: "facts", label: t("complaints.facts"), children: of.facts },
    of.evidence_sha256 && {
      key: "evidence",
      label: t("complaints.evidence"),
      children: <FileHash sha256={of.evidence_sha256} />,
    },
    of.answer && { key: "answer", label: t("complaints.answer"), children: said(of.answer) },
    of.decision && { key: "decision", label: t("complaints.decision"), children: said(of.decision) },
    of.demands && { key: "demands", label: t("complaints.demands"), children: of.demands },
    of.due && { key: "due", label: t("complaints.due"), children: `${of.due}${late}` },
    of.rectified.length > 0 && { key: "rectified", label: t("complaints.rectified"), children: of.rectified.map(said) },
    of.finding && { key: "finding", label: t("complaints.finding"), children: said(of.finding) },
  ];
  return (
    <section aria-labelledby={of.id}>
      <h3 id={of.id}>
        {of.conduct} · {of.operator.name} · {stands}
      </h3>
      <Descriptions size="small" column={1} items={items.filter((item) => item !== null && typeof item === "object")} />
      <div className="bar">
        <ActLinks acts={ACTS[of.late && of.status === "filed" ? "late" : of.status] ?? []} of={[of.id]} />
      </div>
      <Notices of={of.id} />
    </section>
  );
}
