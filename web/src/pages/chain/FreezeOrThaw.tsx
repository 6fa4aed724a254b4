import { useTranslation } from "react-i18next";
import { ActButton, ReasonedAct } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";

export function FreezeOrThaw({ scenario }: { scenario: Schemas["Scenario"] }) {
  const { t } = useTranslation();
  const of = { scenario: scenario.id };
  const state = (scenario.status as { state?: string } | null)?.state;
  if (state === "frozen")
    return <ActButton act="scenario.thaw" command="thaw_scenario" title={t("chain.thaw")} of={of} />;
  if (state !== "granted") return null;
  return <ReasonedAct act="scenario.freeze" command="freeze_scenario" title={t("chain.freeze")} danger of={of} />;
}
