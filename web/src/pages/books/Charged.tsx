/** What a bill is for: what was used, at which price, why this amount, and who receives what of it. */
import { Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import type { Words } from "../../i18n/zh";
import { fen, sum } from "../../shell/money";
import { type Reckoning, reckoned, usedOf } from "./charged";

type Invoice = Schemas["Invoice"];

/** What was used, in the unit that is charged. */
export function Used({ of }: { of: Invoice }) {
  const { t } = useTranslation();
  const used = usedOf(of);
  if (!used) return <>{t("books.used.time")}</>;
  const text =
    used.unit === "megabyte" ? used.size : t(`books.used.${used.unit}`, { number: used.count.toLocaleString("en") });
  return <>{text}</>;
}

/** The prices of the month, each from its first day where there were several. */
export function Prices({ of }: { of: Invoice }) {
  const { t } = useTranslation();
  const by = t(`market.charging.${of.charging as keyof Words["market"]["charging"]}`);
  const price = (amount: string) => `${t("common.yuan", { amount })} ${by}`;
  return of.prices.map((one) => (
    <div key={one.from}>
      {of.prices.length > 1 ? t("books.priceFrom", { from: one.from, price: price(one.price) }) : price(one.price)}
    </div>
  ));
}

export function Charged({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const { charging, calls, price_class, credited, amount, shares } = invoice;
  const yuan = (amount: string) => t("common.yuan", { amount });
  const charged = {
    way: t(`books.ways.${charging as keyof Words["books"]["ways"]}`),
    class: t(`priceClass.${price_class as keyof Words["priceClass"]}`),
  };
  const net = sum([amount, `-${credited}`]);
  const items = [
    { key: "way", label: t("books.way"), children: t("books.wayOf", charged) },
    { key: "price", label: t("books.price"), children: <Prices of={invoice} /> },
    {
      key: "used",
      label: t("books.usage"),
      children: (
        <>
          <Used of={invoice} />
          {charging !== "call" && calls > 0 && t("books.inCalls", { calls })}
        </>
      ),
    },
    { key: "why", label: t("books.why"), children: <Why invoice={invoice} /> },
    ...(fen(credited) > 0n
      ? [{ key: "net", label: t("books.net"), children: t("books.netOf", { amount, credited, net }) }]
      : []),
    {
      key: "shares",
      label: t("books.shares"),
      children: shares.map(({ party, amount }) => `${party.name} ${yuan(amount)}`).join(t("marks.comma")),
    },
  ];
  return <Descriptions size="small" column={1} items={items} />;
}

function Why({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const { charging } = invoice;
  const told = (way: Reckoning): string => {
    switch (way.by) {
      case "product": {
        const unit = charging === "row" ? "row" : "call";
        const used = t(`books.used.${unit}`, { number: way.count.toLocaleString("en") });
        return t("books.multiplied", { used, price: way.price, amount: way.amount });
      }
      case "each":
        return t(charging === "megabyte" ? "books.eachVolume" : "books.each", { amount: way.amount });
      case "standing":
        return t(charging === "once" ? "books.standingOnce" : "books.standingTime", { amount: way.amount });
    }
  };
  return (
    <>
      {reckoned(invoice).map((way) => (
        <div key={way.by}>{told(way)}</div>
      ))}
      <div className="hint">{t("books.notCharged")}</div>
    </>
  );
}
