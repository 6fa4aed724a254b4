/** What the public may know: the yearly disclosures of agency and operators, late ones as late, and statistics of use. */
import { Empty } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useDisclosureDrafts, useDisclosures, useSession } from "../../api/queries";
import type { Words } from "../../i18n/zh";
import { Loaded, Page } from "../../shell/Page";
import { Paper } from "../../shell/Paper";
import { Table } from "../../shell/Table";
import { Content } from "./Content";
import { Reports } from "./Reports";
import { Use } from "./Use";

type Disclosure = Schemas["Disclosure"];

export default function Disclosures() {
  const { t } = useTranslation();
  const session = useSession();
  const disclosures = useDisclosures();
  return (
    <Page title={t("disclosure.title")}>
      <Loaded of={disclosures}>
        {(items) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("disclosure.none")} />
          ) : (
            <List of={items} />
          )
        }
      </Loaded>
      {session.data && <Drafts />}
      {session.data && <Reports />}
      <Use />
    </Page>
  );
}

function Drafts() {
  const { t } = useTranslation();
  const drafts = useDisclosureDrafts();
  const made = (items: Disclosure[]) => items.filter(({ content, published }) => content && !published);
  if (drafts.data?.length === 0) return null;
  return (
    <Loaded of={drafts}>
      {(items) =>
        made(items).length > 0 && (
          <section aria-labelledby="drafts">
            <h2 id="drafts">{t("disclosure.drafts")}</h2>
            <List of={made(items)} />
          </section>
        )
      }
    </Loaded>
  );
}

function List({ of }: { of: Disclosure[] }) {
  const { t } = useTranslation();
  const state = ({ status, late }: Disclosure) =>
    `${t(`disclosure.states.${status as keyof Words["disclosure"]["states"]}`)}${late ? t("disclosure.late") : ""}`;
  return (
    <Table<Disclosure>
      size="small"
      rowKey={({ id, party, year }) => id ?? `${party.id} ${year}`}
      pagination={false}
      dataSource={of}
      expandable={{
        rowExpandable: ({ content }) => Boolean(content),
        expandedRowRender: ({ content }) => content && <Content of={content} />,
      }}
      columns={[
        { title: t("disclosure.party"), render: (_, { party }) => party.name },
        { title: t("disclosure.year"), dataIndex: "year" },
        { title: t("disclosure.due"), dataIndex: "due" },
        {
          title: t("common.status"),
          render: (_, item) => (
            <>
              {state(item)}
              {item.corrects && <div>{t("disclosure.corrects", { id: item.corrects, reason: item.reason ?? "" })}</div>}
              {item.corrected_by && <div>{t("disclosure.correctedBy", { id: item.corrected_by })}</div>}
            </>
          ),
        },
        {
          title: t("disclosure.page"),
          render: (_, { id, published, party, year }) =>
            published &&
            id && (
              <div className="stack">
                <a href={`/api/v1/disclosures/${id}/page`} download={`${party.name}-${year}.md`}>
                  {t("disclosure.download")}
                </a>
                <Paper of="disclosures" id={id} />
              </div>
            ),
        },
      ]}
    />
  );
}
