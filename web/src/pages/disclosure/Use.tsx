/** Statistics of use, as they left output control. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useStatistics } from "../../api/queries";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";

type Cell = Schemas["StatisticsCell"];

export function Use() {
  const { t } = useTranslation();
  const statistics = useStatistics();
  return (
    <section aria-labelledby="use">
      <h2 id="use">{t("disclosure.use")}</h2>
      <Loaded of={statistics}>
        {({ year, calls, firms, benefited, loans, threshold, base, until_before, cells }) => {
          const count = (number: number | null | undefined) => number ?? t("disclosure.under", { threshold });
          return (
            <>
              <p>
                {t("disclosure.sums", {
                  year,
                  calls,
                  firms: count(firms),
                  benefited: count(benefited),
                  loans: count(loans),
                })}{" "}
                {t("disclosure.control", { threshold, base })}{" "}
                {until_before && t("disclosure.untilBefore", { month: until_before })}
              </p>
              <Table<Cell>
                size="small"
                rowKey={({ scenario, month }) => `${scenario.id} ${month}`}
                pagination={false}
                dataSource={cells}
                locale={{ emptyText: t("disclosure.noUse", { threshold }) }}
                columns={[
                  { title: t("disclosure.scenario"), render: (_, { scenario }) => scenario.name },
                  { title: t("disclosure.month"), dataIndex: "month" },
                  { title: t("disclosure.calls"), render: (_, cell) => count(cell.calls) },
                  { title: t("disclosure.firms"), render: (_, cell) => count(cell.firms) },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
