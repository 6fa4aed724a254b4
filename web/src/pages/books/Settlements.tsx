/** Each agreement's settlement in sums, the parties that share, and what the operator does next. */
import { useTranslation } from "react-i18next";
import { ActButton } from "../../acts/ActButton";
import type { Field } from "../../acts/fields";
import type { Schemas } from "../../api/client";
import { usePeriods, useSettlements } from "../../api/queries";
import { fen } from "../../shell/money";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";
import { Sums } from "./Sums";

type Settlement = Schemas["Settlement"];
type Balance = Schemas["PartyBalance"];

export function Settlements() {
  const { t } = useTranslation();
  const settlements = useSettlements();
  return (
    <Loaded of={settlements} empty={t("books.noSettlement")}>
      {(items) => items.map((one) => <One key={one.agreement.id} settlement={one} />)}
    </Loaded>
  );
}

function One({ settlement }: { settlement: Settlement }) {
  const { t } = useTranslation();
  const { agreement, operator, next_close: next } = settlement;
  const id = `settlement-${agreement.id}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {agreement.name} · {operator.name}
      </h2>
      <Sums of={settlement} />
      {next && (
        <div className="bar">
          <ActButton
            act="books.close"
            command="close_period"
            title={t("books.close")}
            kind={next.ready ? "primary" : "default"}
            of={{ agreement: agreement.id }}
            fields={[{ kind: "text", name: "month", label: t("books.month") }]}
            initial={{ month: next.month }}
          />
          <span>{t(next.ready ? "books.closeReady" : "books.closeFrom", { month: next.month, from: next.from })}</span>
        </div>
      )}
      <Parties settlement={settlement} />
    </section>
  );
}

/** What can be paid out of a share now: what is owed, and no more than is held; what is given back, without its sign. */
function payable(owed: string, held: string): string {
  if (fen(owed) < 0n) return owed.replace("-", "");
  return fen(owed) < fen(held) ? owed : held;
}

function Parties({ settlement }: { settlement: Settlement }) {
  const { t } = useTranslation();
  const periods = usePeriods().data ?? [];
  // A payout is made on the occasion of a closed month, and may pay what earlier ones owe.
  const newest = periods.filter(({ agreement }) => agreement.id === settlement.agreement.id).at(-1);
  return (
    <Table<Balance>
      size="small"
      rowKey={({ party }) => party.id}
      pagination={false}
      dataSource={settlement.parties}
      columns={[
        { title: t("books.party"), render: (_, { party }) => party.name },
        { title: t("books.share"), align: "right", render: (_, { share }) => `${share / 100}%` },
        { title: t("books.sums.due"), dataIndex: "due", align: "right" },
        { title: t("books.sums.paid_out"), dataIndex: "paid_out", align: "right" },
        { title: t("books.sums.owed"), dataIndex: "owed", align: "right" },
        {
          title: t("common.actions"),
          render: (_, { party, owed }) => {
            if (!newest || fen(owed) === 0n) return null;
            const props = {
              of: { period: newest.id, party: party.id },
              fields: [
                { kind: "money", name: "amount", label: t("books.amount") },
                { kind: "text", name: "evidence", label: t("books.voucher") },
              ] as Field[],
              initial: { amount: payable(owed, settlement.held) },
            };
            return fen(owed) > 0n ? (
              fen(settlement.held) > 0n && (
                <ActButton {...props} act="books.payout" command="pay_out" title={t("books.payOut")} />
              )
            ) : (
              <ActButton {...props} act="books.return" command="return_share" title={t("books.returnShare")} />
            );
          },
        },
      ]}
    />
  );
}
