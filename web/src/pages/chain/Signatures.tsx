/** The text of an agreement as PDF, who has signed it, and a signature of one's own party that was made outside. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Schemas } from "../../api/client";
import { agreementDocument, agreementSignature, pemOf } from "../../api/documents";
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
      {side && !signed && (of.status as { state?: string }).state !== "ended" && <Submit agreement={of.id} />}
    </div>
  );
}

function Submit({ agreement }: { agreement: string }) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const submit = useMutation({
    mutationFn: async (chosen: File) => {
      const signature = pemOf(new Uint8Array(await chosen.arrayBuffer()));
      const request = { params: { path: { id: agreement } }, body: { signature } };
      return body(api.POST("/api/v1/agreements/{id}/signatures", request));
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
