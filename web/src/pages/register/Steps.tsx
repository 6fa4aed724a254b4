/** A registration's steps with their last days, and what was said against it. */
import { Table } from "antd";
import { useTranslation } from "react-i18next";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";
import { registrationDocument } from "../../api/documents";
import { useSession } from "../../api/queries";
import { FileHash } from "../../files/FileHash";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { stacked } from "../../shell/stacked";
import { beijing, day } from "../../shell/time";
import { actsOn } from "./acts";

type Step = Schemas["RegistrationStep"];

export function Steps({ of }: { of: Schemas["Registration"] }) {
  const { t } = useTranslation();
  const own = useSession().data?.party.id;
  const { id, thing, status, returned, stopped, steps, objections, materials, certificate, earlier } = of;
  const done = (step: Step) =>
    `${step.done ? beijing(step.done) : t("register.waiting")}${step.late ? t("register.late") : ""}`;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        {thing.name} · {t(`register.types.${of.registration_type as keyof Words["register"]["types"]}`)} ·{" "}
        {t(`register.states.${status as keyof Words["register"]["states"]}`)}
        {returned ? `${t("marks.colon")}${returned}` : ""}
      </h3>
      {earlier && (
        <p>
          {t("register.earlier", {
            registrar: earlier.registrar,
            from: earlier.publicity.from,
            until: earlier.publicity.until,
          })}
        </p>
      )}
      {stopped && <p>{t("register.stopped", { day: stopped })}</p>}
      <Table<Step>
        size="small"
        rowKey="step"
        pagination={false}
        dataSource={steps}
        {...stacked<Step>([
          {
            title: t("register.step"),
            render: (_, { step }) => t(`register.steps.${step as keyof Words["register"]["steps"]}`),
          },
          {
            title: t("register.due"),
            render: (_, { due, provisional }) => `${due}${provisional ? t("register.provisional") : ""}`,
          },
          { title: t("register.done"), render: (_, step) => done(step) },
        ])}
      />
      {objections.map(({ number, text, by, outcome }) => (
        <p key={number}>
          {t("register.objection", { number, by: by.name, text })}{" "}
          {t(`register.outcomes.${outcome as keyof Words["register"]["outcomes"]}`)}
        </p>
      ))}
      {materials.length > 0 && (
        <p>
          {t("register.materials")}
          {t("marks.colon")}
          {materials.map(({ name, document_sha256: shown }) => (
            <span key={name}>
              {name} <FileHash sha256={shown} />{" "}
            </span>
          ))}
        </p>
      )}
      {certificate && (
        <p>
          <a href={registrationDocument(certificate.query_code)} download={`${certificate.code}.pdf`}>
            {t("register.certificatePdf")}
          </a>
        </p>
      )}
      <div className="bar">
        <ActLinks acts={actsOn(of, own, day())} of={[id]} />
      </div>
      <Notices of={id} />
    </section>
  );
}
