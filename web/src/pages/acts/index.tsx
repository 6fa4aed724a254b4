/** Any act that the signed-in party may do: chosen by name, asked for by its form, recorded with a receipt. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Empty, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../acts/form/shape";
import type { Schemas } from "../../api/client";
import { useActForms, useSession } from "../../api/queries";
import { useLanguage, usePick } from "../../i18n";
import { Loaded, Page } from "../../shell/Page";
import { CommandForm } from "./CommandForm";
import { pageOf } from "./elsewhere";

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
  const [language] = useLanguage();
  const navigate = useNavigate();
  const { act, of = [] } = useSearch({ strict: false }) as { act?: string; of?: string[] };
  const chosen = forms.find((form) => form.act === act);
  return (
    <div className="stack">
      <div className="bar">
        <label htmlFor="act">{t("acts.choose")}</label>
        <Select
          id="act"
          className="choose"
          value={chosen?.act ?? null}
          placeholder={t("acts.count", { count: forms.length })}
          options={forms.map((form) => ({ value: form.act, label: `${pick(form.name)} (${form.act})` }))}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(next: string) => navigate({ to: "/acts", search: { act: next } })}
        />
      </div>
      {chosen && language === "en" && <p>{(chosen.schema as Schema).description}</p>}
      {chosen ? <Chosen key={`${chosen.act} ${of}`} form={chosen} of={of} /> : <All of={forms} />}
    </div>
  );
}

/** Every act by its name, where none is chosen. */
function All({ of }: { of: Schemas["ActForm"][] }) {
  const pick = usePick();
  return (
    <ul className="columns">
      {of.map(({ act, name }) => (
        <li key={act}>
          <Link to="/acts" search={{ act }}>
            {pick(name)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What the platform finds out by itself, such as the rows of a file, is not typed. */
function Chosen({ form, of }: { form: Schemas["ActForm"]; of: string[] }) {
  const { t } = useTranslation();
  if (!form.request) return <CommandForm form={form} of={of} />;
  const page = pageOf(form.act);
  if (!page) return <p>{t("acts.elsewhere", { request: form.request })}</p>;
  return (
    <p>
      {t("acts.there")} <Link to={`/${page}`}>{t(`nav.${page}`)}</Link>
    </p>
  );
}
