/** The frame of every page: who is signed in, where one can go. */
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Button, Drawer, Layout as Frame, Grid, Menu } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { beginSession, useDistrict, useSession, useTasks } from "../api/queries";
import { useLanguage } from "../i18n";
import type { Words } from "../i18n/zh";

type Page = keyof Omit<Words["nav"], "label" | "open" | "groups">;

const PUBLIC: readonly Page[] = ["catalogue", "market", "register", "disclosure", "verify", "rules"];

/** The pages by what one comes for, in the order in which a district needs them. */
const GROUPS: readonly [keyof Words["nav"]["groups"], readonly Page[]][] = [
  ["work", ["tasks", "acts"]],
  ["open", ["catalogue", "market", "register", "disclosure"]],
  ["authorize", ["plans", "selections", "chain", "books", "border", "exits"]],
  ["develop", ["develop", "workbench"]],
  ["oversee", ["live", "alerts", "incidents", "quality", "assessments", "disputes"]],
  ["record", ["verify", "evidence", "files", "rules"]],
  ["account", ["parties", "certificates"]],
];

/** Whoever runs queries, reviews what leaves, or watches. */
const WORK = ["query.run", "output.review", "scenario.freeze"];
/** Whoever checks queries, or decides on products and models. */
const DEVELOP = ["query.check", "product.submit", "model.review", "model.suspend"];

export function Layout() {
  const { t } = useTranslation();
  const [language, choose] = useLanguage();
  const district = useDistrict();
  // Before the width is known it is taken to be wide.
  const narrow = Grid.useBreakpoint().lg === false;
  return (
    <Frame style={{ minHeight: "100vh" }}>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <Frame.Header className="head">
        {narrow && <NarrowNavigation />}
        <Link to="/" className="brand">
          {t("name")}
        </Link>
        <span className="tagline">
          {district.data?.name} {t("tagline")}
        </span>
        <Button
          ghost
          size="small"
          lang={language === "zh" ? "en" : "zh-CN"}
          onClick={() => choose(language === "zh" ? "en" : "zh")}
        >
          {t("language")}
        </Button>
        <Who />
      </Frame.Header>
      <Frame>
        {!narrow && (
          <Frame.Sider width={196} theme="light">
            <Navigation />
          </Frame.Sider>
        )}
        <main id="main" tabIndex={-1} style={{ flex: 1, minWidth: 0 }}>
          <Outlet />
        </main>
      </Frame>
    </Frame>
  );
}

function Navigation() {
  const { t } = useTranslation();
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = path.split("/")[1] ?? "";
  const shown = (page: Page) => {
    const acts = session.data?.acts;
    if (!acts) return PUBLIC.includes(page);
    if (page === "live") return acts.includes("feed.watch");
    const may = (any: readonly string[]) => any.some((act) => acts.includes(act));
    if (page === "develop") return may(DEVELOP);
    return page !== "workbench" || may(WORK);
  };
  const items = GROUPS.map(([group, pages]) => ({
    key: group,
    type: "group" as const,
    label: t(`nav.groups.${group}`),
    children: pages.filter(shown).map((page) => ({ key: page, label: <NavLink page={page} /> })),
  })).filter(({ children }) => children.length > 0);
  return (
    <nav aria-label={t("nav.label")}>
      <Menu mode="inline" selectedKeys={[here]} items={items} style={{ borderInlineEnd: 0, paddingBlock: 8 }} />
    </nav>
  );
}

/** On a narrow screen the pages are behind a button; choosing one closes them. */
function NarrowNavigation() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what closes it
  useEffect(() => setOpen(false), [path]);
  return (
    <>
      <Button ghost size="small" aria-expanded={open} onClick={() => setOpen(true)}>
        {t("nav.open")}
      </Button>
      <Drawer open={open} placement="left" size={260} title={t("name")} onClose={() => setOpen(false)}>
        <Navigation />
      </Drawer>
    </>
  );
}

function NavLink({ page }: { page: Page }) {
  const { t } = useTranslation();
  return (
    <Link to={`/${page}`}>
      {t(`nav.${page}`)}
      {page === "tasks" && <Waiting />}
    </Link>
  );
}

function Waiting() {
  const tasks = useTasks();
  const count = tasks.data?.length ?? 0;
  return count > 0 ? <strong> ({count})</strong> : null;
}

function Who() {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!session.data) {
    return (
      <Link to="/sign-in" className="who">
        {t("common.signIn")}
      </Link>
    );
  }
  const { party } = session.data;
  const signOut = async () => {
    await api.DELETE("/api/v1/session");
    beginSession(client, null);
    await navigate({ to: "/sign-in" });
  };
  return (
    <>
      <span className="who">
        {t("session.as", { name: party.name, role: t(`role.${party.role as keyof Words["role"]}`) })}
      </span>
      <Button ghost size="small" onClick={signOut}>
        {t("common.signOut")}
      </Button>
    </>
  );
}
