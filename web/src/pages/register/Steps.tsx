/** A registration's steps with their last days, and what was said against it. */
import { Table } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";
import { Notices } from "../../shell/Notices";
import { stacked } from "../../shell/stacked";
import { beijing } from "../../shell/time";

type Step = Schemas["RegistrationStep"];

export function Steps({ of }: { of: Schemas["Registration"] }) {
  const { t } = useTranslation();
  const { id, thing, status, returned, stopped, steps, objections } = of;
  const done = (step: Step) =>
    `${step.done ? beijing(step.done) : t("register.waiting")}${step.late ? t("register.late") : ""}`;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        {thing.name} · {t(`register.types.${of.registration_type as keyof Words["register"]["types"]}`)} ·{" "}
        {t(`register.states.${status as keyof Words["register"]["states"]}`)}
        {returned ? `：${returned}` : ""}
      </h3>
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
      <Notices of={id} />
    </section>
  );
}
