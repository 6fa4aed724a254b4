/** What stands where a page has failed. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Page } from "./Page";

export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Page title={t("broken.title")}>
      <p role="alert">{t("broken.help")}</p>
      <p className="mono">{String(error)}</p>
      <Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>
    </Page>
  );
}
