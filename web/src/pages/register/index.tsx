/** The public register, and for those signed in their own registrations with steps and clocks. */
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { Input, Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { registrationDocument } from "../../api/documents";
import { useMay, useRegister, useRegistrations, useSession } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded, Page } from "../../shell/Page";
import { stacked } from "../../shell/stacked";
import { Query } from "./Query";
import { Steps } from "./Steps";

type Registration = Schemas["Registration"];

export default function Register() {
  const { t } = useTranslation();
  const session = useSession();
  const register = useRegister();
  const mayApply = useMay("registration.apply");
  const navigate = useNavigate();
  // The QR code on a certificate leads here. The text as it is in the address: a code of digits alone is no number.
  const asked = useRouterState({ select: (state) => state.location.searchStr });
  const code = new URLSearchParams(asked).get("code")?.replaceAll('"', "") ?? "";
  const query = (text: string) => navigate({ to: "/register", search: text ? { code: text } : {} });
  return (
    <Page title={t("register.title")}>
      <div className="bar">
        <Input.Search
          aria-label={t("register.queryCode")}
          placeholder={t("register.queryCode")}
          enterButton={t("register.query")}
          key={code}
          defaultValue={code}
          style={{ maxWidth: 420 }}
          onSearch={(text) => query(text.trim())}
        />
        <a href="/api/v1/register.csv" download="register.csv">
          {t("register.download")}
        </a>
        {mayApply && (
          <Link to="/acts" search={{ act: "registration.apply" }}>
            {t("register.apply")}
          </Link>
        )}
      </div>
      {code && <Query code={code} />}
      <Loaded of={register} empty={t("register.empty")}>
        {(items) => <Certificates of={items} />}
      </Loaded>
      {session.data && <Own />}
    </Page>
  );
}

function Certificates({ of }: { of: Registration[] }) {
  const { t } = useTranslation();
  return (
    <Table<Registration>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={of}
      {...stacked<Registration>([
        { title: t("register.thing"), render: (_, { thing }) => thing.name },
        {
          title: t("register.kind"),
          render: (_, { kind }) => t(`register.kinds.${kind as keyof Words["register"]["kinds"]}`),
        },
        {
          title: t("register.type"),
          render: (_, it) => t(`register.types.${it.registration_type as keyof Words["register"]["types"]}`),
        },
        { title: t("register.holder"), render: (_, { applicant }) => applicant.name },
        {
          title: t("common.status"),
          render: (_, { status }) => t(`register.states.${status as keyof Words["register"]["states"]}`),
        },
        { title: t("register.code"), render: (_, { certificate }) => certificate?.code },
        { title: t("register.queryCode"), render: (_, { certificate }) => certificate?.query_code },
        { title: t("register.until"), render: (_, { certificate }) => certificate?.valid.until },
        {
          title: t("register.certificate"),
          render: (_, { certificate }) =>
            certificate && (
              <a href={registrationDocument(certificate.query_code)} download={`${certificate.code}.pdf`}>
                {t("register.certificatePdf")}
              </a>
            ),
        },
      ])}
    />
  );
}

function Own() {
  const { t } = useTranslation();
  const registrations = useRegistrations();
  return (
    <section aria-labelledby="own">
      <h2 id="own">{t("register.own")}</h2>
      <Loaded of={registrations} empty={t("register.noneOwn")}>
        {(items) => items.map((one) => <Steps key={one.id} of={one} />)}
      </Loaded>
    </section>
  );
}
