/** What may be done with an invoice: a payment, a credit note, a refund. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Field } from "../../acts/fields";
import type { Schemas } from "../../api/client";
import { fen, yuan } from "../../shell/money";

export function InvoiceActs({ period, invoice }: { period: Schemas["Period"]; invoice: Schemas["Invoice"] }) {
  const { t } = useTranslation();
  const open = fen(invoice.open);
  const of = { period: period.id, subscription: invoice.subscription };
  const amount: Field = { kind: "money", name: "amount", label: t("books.amount") };
  const paper: Field[] = [amount, { kind: "text", name: "evidence", label: t("books.voucher") }];
  const charges = fen(invoice.amount) > fen(invoice.credited);
  return (
    <div className="bar tight">
      {open > 0n && (
        <ActButton
          act="books.payment"
          command="record_payment"
          title={t("books.pay")}
          kind="primary"
          of={of}
          fields={paper}
          initial={{ amount: invoice.open }}
        />
      )}
      {charges && (
        <ActButton
          act="books.credit"
          command="credit_invoice"
          title={t("books.credit")}
          of={of}
          fields={[amount, { kind: "text", name: "reason", label: t("common.reason") }]}
        />
      )}
      {open < 0n && (
        <ActButton
          act="books.refund"
          command="record_refund"
          title={t("books.refund")}
          kind="primary"
          of={of}
          fields={paper}
          initial={{ amount: yuan(-open) }}
        />
      )}
    </div>
  );
}
