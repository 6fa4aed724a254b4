/** What is done about a scenario beside its grant: those acts that its state takes, for those who may. */
import { useTranslation } from "react-i18next";
import { ReasonedAct } from "../../acts/ActButton";
import { ActLinks } from "../../acts/ActLinks";
import type { Schemas } from "../../api/client";

export function ScenarioActs({ of }: { of: Schemas["Scenario"] }) {
  const { t } = useTranslation();
  const state = (of.status as { state?: string } | null)?.state;
  const scenario = { of: { scenario: of.id }, revision: of.revision };
  if (state === "applied") {
    return (
      <div className="bar">
        <ReasonedAct act="scenario.object" command="object_scenario" title={t("chain.object")} {...scenario} />
        {of.objection && (
          <ReasonedAct act="scenario.lift" command="lift_objection" title={t("chain.liftObjection")} {...scenario} />
        )}
        <ReasonedAct act="scenario.refuse" command="refuse_scenario" title={t("chain.refuse")} danger {...scenario} />
        <ReasonedAct act="scenario.withdraw" command="withdraw_scenario" title={t("chain.takeBack")} {...scenario} />
        <ActLinks acts={["scenario.risk"]} of={[of.id]} />
      </div>
    );
  }
  if (state !== "granted" && state !== "frozen") return null;
  return (
    <div className="bar">
      <ActLinks acts={["scenario.narrow"]} of={[of.id]} />
      <ReasonedAct act="scenario.end" command="end_scenario" title={t("chain.end")} danger {...scenario} />
    </div>
  );
}
