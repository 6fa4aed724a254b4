/** What a line of the journal is, and its reversal: what was recorded by mistake is taken back by an entry of its own. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";

type Line = Schemas["StatementLine"];
type Kinds = keyof Words["books"]["kinds"];

export function LineKind({ line }: { line: Line }) {
  const { t } = useTranslation();
  const { kind, which, reversed, reverses } = line;
  const name = (kind: string) => t(`books.kinds.${kind as Kinds}`);
  if (reverses) return <>{t("books.reverses", { which: reverses.which, kind: name(reverses.kind) })}</>;
  if (which == null) return <>{name(kind)}</>;
  return (
    <>
      {t("books.whichOf", { which, kind: name(kind) })}
      {reversed && <span className="state-bad">{t("books.reversed")}</span>}
    </>
  );
}

export function Reversal({ line }: { line: Line }) {
  const { t } = useTranslation();
  const { period, kind, which, reversed } = line;
  if (which == null || reversed) return null;
  return (
    <ActButton
      act="books.reverse"
      command="reverse_entry"
      title={t("books.reverse")}
      danger
      of={{ period, kind, which }}
      fields={[
        { kind: "text", name: "reason", label: t("common.reason") },
        { kind: "text", name: "evidence", label: t("books.reverseVoucher") },
      ]}
    />
  );
}
