/** The notices of acts on a thing, found when they are asked for: a notice is wanted long after the act as well. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useNotices, useSession } from "../api/queries";
import { usePick } from "../i18n";
import { Loaded } from "./Page";
import { Paper } from "./Paper";
import { beijing } from "./time";

export function Notices({ of }: { of: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const [open, setOpen] = useState(false);
  if (!session.data) return null;
  return (
    <details className="notices" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("notices.title")}</summary>
      {open && <Found of={of} />}
    </details>
  );
}

/** What is found for a thing. */
export function Found({ of }: { of: string }) {
  const { t } = useTranslation();
  const pick = usePick();
  const notices = useNotices(of);
  const one = ({ index, at, title, subject }: Schemas["ThingNotice"]) => (
    <li key={index}>
      <Paper of="acts" id={String(index)} label={pick(title)} /> {t("notices.of", { index, at: beijing(at) })} {subject}
    </li>
  );
  return (
    <Loaded of={notices} empty={t("notices.empty")}>
      {(items) => <ul>{items.map(one)}</ul>}
    </Loaded>
  );
}
