/** Of what is listed under each agreement, how much partners have developed, against the limit that the packs set. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useAgreements } from "../../api/queries";
import { Loaded } from "../../shell/Page";

export function Development() {
  const agreements = useAgreements();
  if (agreements.data?.length === 0) return null;
  return (
    <Loaded of={agreements}>
      {(items) => (
        <ul>
          {items.map(({ id, title, development }) => (
            <li key={id}>
              <strong>{title}</strong> <Part of={development} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

/** The count, the part, and the limit; a limit of a hundred refuses nothing. */
export function Part({ of }: { of: Schemas["Development"] }) {
  const { t } = useTranslation();
  const { by_partners: partners, listed, partner_percent_max: most } = of;
  const percent = listed === 0 ? 0 : Math.round((partners * 1000) / listed) / 10;
  const limit = most < 100 ? t("chain.developmentMost", { most }) : t("chain.developmentOpen");
  return <span>{t("chain.development", { partners, listed, percent, limit })}</span>;
}
