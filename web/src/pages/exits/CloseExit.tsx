/** The closing report: for each asset what became of it, and what shows it. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Field } from "../../acts/fields";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";
import { beijing } from "../../shell/time";

type Asset = Schemas["ExitAsset"];
type Outcome = keyof Words["exits"]["outcomes"];

export function CloseExit({ exit }: { exit: Schemas["Exit"] }) {
  const { t } = useTranslation();
  // What has no way to end yet cannot be reported; the server says so of what is left out.
  const ready = exit.assets.filter(({ outcomes }) => outcomes.length > 0);
  const fields = ready.flatMap((asset): Field[] => [
    {
      kind: "select",
      name: `outcome ${asset.id}`,
      label: t("exits.outcomeOf", { name: asset.name, id: asset.id }),
      options: asset.outcomes.map((value) => ({ value, label: t(`exits.outcomes.${value as Outcome}`) })),
    },
    { kind: "text", name: `evidence ${asset.id}`, label: t("exits.evidenceOf", { name: asset.name }) },
  ]);
  const shown = (asset: Asset) =>
    asset.destroyed_at ? t("exits.certificateOf", { id: asset.id, at: beijing(asset.destroyed_at) }) : undefined;
  const initial = ready.flatMap((asset) => [
    ...(asset.outcomes.length === 1 ? [[`outcome ${asset.id}`, asset.outcomes[0]]] : []),
    [`evidence ${asset.id}`, shown(asset)],
  ]);
  return (
    <ActButton
      act="exit.close"
      command="close_exit"
      title={t("exits.close")}
      kind="primary"
      of={{ exit: exit.id }}
      revision={exit.revision}
      fields={fields}
      initial={Object.fromEntries(initial)}
      build={(values) => ({
        report: ready.map(({ id }) => ({
          asset: id,
          outcome: values[`outcome ${id}`],
          evidence: values[`evidence ${id}`],
        })),
      })}
    />
  );
}
