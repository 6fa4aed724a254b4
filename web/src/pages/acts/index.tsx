/** Any act that the signed-in party may do: chosen by name, asked for by its form, recorded with a receipt. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty, Select } from "antd";
import { useTranslation } from "react-i18next";
import { nameOf } from "../../acts/name";
import type { Schemas } from "../../api/client";
import { useActForms, useSession } from "../../api/queries";
import { usePick } from "../../i18n";
import { Loaded, Page } from "../../shell/Page";
import { CommandForm } from "./CommandForm";

export default function Acts() {
  const { t } = useTranslation();
  const session = useSession();
  const forms = useActForms();
  return (
    <Page title={t("acts.title")}>
      {session.data === null ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("common.signInFirst")} />
      ) : (
        <Loaded of={forms}>
          {(items) => <Chooser forms={items.filter((form) => session.data?.acts.includes(form.act))} />}
        </Loaded>
      )}
    </Page>
  );
}

function Chooser({ forms }: { forms: Schemas["ActForm"][] }) {
  const { t } = useTranslation();
  const pick = usePick();
  const navigate = useNavigate();
  const { act, of = [] } = useSearch({ strict: false }) as { act?: string; of?: string[] };
  const chosen = forms.find((form) => form.act === act);
  const said = chosen && pick(chosen.name);
  return (
    <div className="stack">
      <div className="bar">
        <label htmlFor="act">{t("acts.choose")}</label>
        <Select
          id="act"
          className="choose"
          value={chosen?.act ?? null}
          placeholder={t("acts.count", { count: forms.length })}
          options={forms.map((form) => ({ value: form.act, label: `${pick(nameOf(form.name))} (${form.act})` }))}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(next: string) => navigate({ to: "/acts", search: { act: next } })}
        />
      </div>
      {chosen && said?.replace(/\.$/, "") !== pick(nameOf(chosen.name)) && <p>{said}</p>}
      {chosen && <Chosen key={`${chosen.act} ${of}`} form={chosen} of={of} />}
    </div>
  );
}

/** What the platform finds out by itself, such as the rows of a file, is not typed. */
function Chosen({ form, of }: { form: Schemas["ActForm"]; of: string[] }) {
  const { t } = useTranslation();
  return form.request ? <p>{t("acts.elsewhere", { request: form.request })}</p> : <CommandForm form={form} of={of} />;
}
