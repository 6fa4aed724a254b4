/** The end of an exit, once every step is done. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";

export function CloseExit({ exit }: { exit: Schemas["Exit"] }) {
  const { t } = useTranslation();
  return (
    <ActButton
      act="exit.close"
      command="close_exit"
      title={t("exits.close")}
      kind="primary"
      of={{ exit: exit.id }}
      revision={exit.revision}
      fields={[{ kind: "area", name: "text", label: t("exits.conclusion") }]}
    />
  );
}
