/** Versions, the newest first: why each was made, and each changed section before and after. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { beijing } from "../../shell/time";

export function Versions({ of }: { of: Schemas["PlanVersion"][] }) {
  const { t } = useTranslation();
  return [...of].reverse().map(({ number, at, reason, changes }) => (
    <section key={number}>
      <h3>
        {t("plans.version", { number })} · {beijing(at)}
      </h3>
      {reason && <p>{reason}</p>}
      {changes.map((change) => (
        <div key={change.section} className="change">
          <h4>{change.section}</h4>
          <p className="prose">
            <del>{change.before}</del>
          </p>
          <p className="prose">
            <ins>{change.after}</ins>
          </p>
        </div>
      ))}
    </section>
  ));
}
