/** The text of an agreement as PDF, who has signed it, and a signature of one's own party that was made outside. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ActButton, ReasonedAct } from "../../acts/ActButton";
import { api, body, type Schemas } from "../../api/client";
import { agreementDocument, agreementSignature, amendmentDocument, pemOf } from "../../api/documents";
import { useSession } from "../../api/queries";
import { Problem } from "../../shell/Problem";

export function Signatures({ of }: { of: Schemas["Agreement"] }) {
  const { t } = useTranslation();
  const session = useSession();
  const own = session.data?.party.id;
  const signed = of.signatures.some(({ party, in_force }) => in_force && party.id === own);
  const side = own === of.agency.id || own === of.operator.id;
  return (
    <div className="stack">
      <a href={agreementDocument(of.id)} download={`${of.id}.pdf`}>
        {t("chain.document")}
      </a>
      {of.signatures.map(({ party, in_force, signature_sha256 }) => (
        <span key={signature_sha256}>
          {in_force ? (
            <a href={agreementSignature(of.id, party.id)} download={`${of.id}.${party.id}.p7s`}>
              {t("chain.signatureOf", { party: party.name })}
            </a>
          ) : (
            t("chain.formerSignature", { party: party.name })
          )}
        </span>
      ))}
      {side && !signed && (of.status as { state?: string }).state !== "ended" && (
        <Submit agreement={of.id} path="/api/v1/agreements/{id}/signatures" />
      )}
      {of.proposed && <Amendment of={of} proposed={of.proposed} own={own} side={side} />}
    </div>
  );
}

/** The amendment that waits: what changes, the text as it will stand, who has signed it, and one's own signature. */
function Amendment({
  of,
  proposed,
  own,
  side,
}: {
  of: Schemas["Agreement"];
  proposed: Schemas["ProposedAmendment"];
  own: string | undefined;
  side: boolean;
}) {
  const { t } = useTranslation();
  const signed = proposed.signatures.some(({ party }) => party.id === own);
  return (
    <div className="stack">
      <strong>{t("chain.amendment", { party: proposed.by.name, reason: proposed.reason })}</strong>
      {proposed.answer_until && <span>{t("chain.answerUntil", { day: proposed.answer_until })}</span>}
      {proposed.changes.map((change) => (
        <span key={change}>{change}</span>
      ))}
      <a href={amendmentDocument(of.id)} download={`${of.id}-amendment.pdf`}>
        {t("chain.amendmentDocument")}
      </a>
      {proposed.signatures.map(({ party, signature_sha256 }) => (
        <span key={signature_sha256}>{t("chain.signedBy", { party: party.name })}</span>
      ))}
      {side && !signed && <Submit agreement={of.id} path="/api/v1/agreements/{id}/amendment/signatures" />}
      {side && <Answer of={of} proposed={proposed} mine={own === proposed.by.id} />}
    </div>
  );
}

/** One's own is withdrawn; the other side's is accepted, or declined with a reason. */
function Answer({
  of,
  proposed,
  mine,
}: {
  of: Schemas["Agreement"];
  proposed: Schemas["ProposedAmendment"];
  mine: boolean;
}) {
  const { t } = useTranslation();
  const { revision } = of;
  const read = { agreement: of.id, terms_sha256: proposed.terms_sha256 };
  return mine ? (
    <ReasonedAct
      act="agreement.withdraw"
      command="withdraw_amendment"
      title={t("chain.withdrawAmendment")}
      of={{ agreement: of.id }}
      revision={revision}
    />
  ) : (
    <div className="bar" style={{ marginBottom: 0 }}>
      <ActButton
        act="agreement.accept"
        command="accept_amendment"
        title={t("chain.acceptAmendment")}
        of={read}
        revision={revision}
      />
      <ReasonedAct
        act="agreement.decline"
        command="decline_amendment"
        title={t("chain.declineAmendment")}
        of={read}
        revision={revision}
      />
    </div>
  );
}

type SignaturePath = "/api/v1/agreements/{id}/signatures" | "/api/v1/agreements/{id}/amendment/signatures";

function Submit({ agreement, path }: { agreement: string; path: SignaturePath }) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const submit = useMutation({
    mutationFn: async (chosen: File) => {
      const signature = pemOf(new Uint8Array(await chosen.arrayBuffer()));
      const request = { params: { path: { id: agreement } }, body: { signature } };
      return body(api.POST(path, request));
    },
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="stack">
      <label htmlFor={id}>{t("chain.signatureFile")}</label>
      <input id={id} type="file" accept=".p7s,.pem" onChange={(event) => setFile(event.target.files?.[0])} />
      <Button size="small" disabled={!file} loading={submit.isPending} onClick={() => file && submit.mutate(file)}>
        {t("chain.submitSignature")}
      </Button>
      <div aria-live="polite">
        <Problem error={submit.error} />
      </div>
    </div>
  );
}
