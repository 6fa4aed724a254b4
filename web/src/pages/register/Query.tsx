/** What a query code certifies. */
import { Descriptions, QRCode } from "antd";
import { useTranslation } from "react-i18next";
import { registrationDocument } from "../../api/documents";
import { useQueriedRegistration } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded } from "../../shell/Page";

/** Where this page shows what a query code certifies. */
export const queryAddress = (code: string) => `${location.origin}/register?code=${encodeURIComponent(code)}`;

export function Query({ code }: { code: string }) {
  const { t } = useTranslation();
  const found = useQueriedRegistration(code);
  return (
    <section aria-live="polite">
      <Loaded of={found}>
        {({ thing, kind, applicant, certificate }) => (
          <Descriptions
            bordered
            size="small"
            column={1}
            title={thing.name}
            items={[
              {
                key: "kind",
                label: t("register.kind"),
                children: t(`register.kinds.${kind as keyof Words["register"]["kinds"]}`),
              },
              { key: "holder", label: t("register.holder"), children: applicant.name },
              { key: "code", label: t("register.code"), children: certificate?.code },
              {
                key: "valid",
                label: t("register.valid"),
                children: certificate?.cancelled
                  ? t("register.cancelled", { day: certificate.valid.until })
                  : `${certificate?.valid.from} – ${certificate?.valid.until}`,
              },
              ...(certificate
                ? [
                    {
                      key: "qr",
                      label: t("register.qr"),
                      children: (
                        <div className="qr">
                          <QRCode
                            type="svg"
                            size={132}
                            bordered={false}
                            value={queryAddress(certificate.query_code)}
                            aria-label={t("register.qr")}
                          />
                        </div>
                      ),
                    },
                  ]
                : []),
              {
                key: "certificate",
                label: t("register.certificate"),
                children: certificate && (
                  <a href={registrationDocument(certificate.query_code)} download={`${certificate.code}.pdf`}>
                    {t("register.certificatePdf")}
                  </a>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
