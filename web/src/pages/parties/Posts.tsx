/** Posts: which of a party's people may do what, since when, and who does it for whom. */
import { Link } from "@tanstack/react-router";
import { Card } from "antd";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/client";
import { useMay, usePosts } from "../../api/queries";
import { usePick } from "../../i18n";
import { Notices } from "../../shell/Notices";
import { Loaded } from "../../shell/Page";
import { Table } from "../../shell/Table";

type Post = Schemas["Post"];
type Delegation = Schemas["Delegation"];

/** What is done about posts, each on the page of acts. */
const ACTS = [
  ["post.create", "create"],
  ["post.appoint", "appoint"],
  ["post.dismiss", "dismiss"],
  ["post.close", "close"],
  ["delegation.give", "delegate"],
  ["delegation.revoke", "revoke"],
] as const;

export function Posts() {
  const { t } = useTranslation();
  const posts = usePosts();
  return (
    <Card title={<h2>{t("posts.title")}</h2>}>
      <div className="bar">
        {ACTS.map(([act, label]) => (
          <To key={act} act={act} label={t(`posts.${label}`)} />
        ))}
      </div>
      <p>{t("posts.what")}</p>
      <Loaded of={posts} empty={t("posts.empty")}>
        {(items) => (
          <>
            <Table<Post>
              size="small"
              rowKey="id"
              pagination={{ pageSize: 20, hideOnSinglePage: true }}
              dataSource={items}
              locale={{ emptyText: t("posts.none") }}
              columns={[
                { title: t("posts.party"), render: (_, { party }) => party.name },
                {
                  title: t("posts.post"),
                  render: (_, post) => (post.closed ? `${post.name}${t("posts.closed")}` : post.name),
                },
                { title: t("posts.acts"), render: (_, { acts }) => <Acts acts={acts} /> },
                { title: t("posts.holders"), render: (_, { holders }) => <Holders holders={holders} /> },
              ]}
            />
            <h3>{t("posts.delegations")}</h3>
            <Table<Delegation & { post: string }>
              size="small"
              rowKey="id"
              pagination={{ pageSize: 20, hideOnSinglePage: true }}
              dataSource={items.flatMap((post) => post.delegations.map((given) => ({ ...given, post: post.name })))}
              locale={{ emptyText: t("posts.noDelegations") }}
              columns={[
                { title: t("posts.from"), dataIndex: "post" },
                { title: t("posts.to"), render: (_, { to }) => to.name },
                { title: t("posts.acts"), render: (_, { acts }) => <Acts acts={acts} /> },
                { title: t("posts.things"), render: (_, { things }) => things.join(t("marks.list")) || t("posts.all") },
                { title: t("posts.days"), render: (_, given) => t("posts.span", given) },
                { title: t("posts.stands"), render: (_, given) => t(given.in_force ? "posts.inForce" : "posts.over") },
                { title: t("notices.title"), render: (_, { id }) => <Notices of={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function To({ act, label }: { act: string; label: string }) {
  return useMay(act) ? (
    <Link to="/acts" search={{ act }}>
      {label}
    </Link>
  ) : null;
}

function Acts({ acts }: { acts: Schemas["NamedAct"][] }) {
  const { t } = useTranslation();
  const pick = usePick();
  return acts.map(({ name }) => pick(name)).join(t("marks.list"));
}

function Holders({ holders }: { holders: Schemas["PostHolder"][] }) {
  const { t } = useTranslation();
  const now = holders.filter(({ holds }) => holds);
  const term = (from: string, until?: string | null) =>
    until ? t("posts.span", { from, until }) : t("posts.since", { from });
  if (now.length === 0) return t("posts.vacant");
  return now.map(({ person, from, until }) => (
    <div key={person.id}>
      {person.name}
      {t("marks.open")}
      {term(from, until)}
      {t("marks.close")}
    </div>
  ));
}
