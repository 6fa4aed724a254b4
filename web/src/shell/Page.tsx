/** A page: its title, and one way to show that it loads, failed or is empty. */
import { Button, Empty, Skeleton } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "./Problem";

export function Page({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("name")}`;
  }, [title, t]);
  return (
    <div className="page">
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** What a query gives. */
export interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** Shows what a query gave; where that is an empty list, `empty`, which tells what will stand here and how it gets here. */
export function Loaded<T>({ of, empty, children }: { of: Asked<T>; empty?: string; children: (data: T) => ReactNode }) {
  const { t } = useTranslation();
  if (of.error) {
    return (
      <div className="stack">
        <Problem error={of.error} />
        <Button onClick={() => of.refetch()}>{t("common.retry")}</Button>
      </div>
    );
  }
  if (of.isPending || of.data === undefined) {
    return (
      <div role="status" aria-label={t("common.loading")}>
        <Skeleton active />
      </div>
    );
  }
  if (Array.isArray(of.data) && of.data.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty ?? t("common.empty")} />;
  }
  return children(of.data);
}
