/** Every page and its address. Pages are loaded when they are first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from "@tanstack/react-router";
import { Broken } from "./shell/Broken";
import { Layout } from "./shell/Layout";

const root = createRootRoute({ component: Layout, notFoundComponent: () => <Navigate to="/market" /> });
const page = <P extends string>(path: P, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: () => <Navigate to="/market" /> }),
  page("/sign-in", () => import("./pages/sign-in")),
  page("/catalogue", () => import("./pages/catalogue")),
  page("/catalogue/$id", () => import("./pages/catalogue/Resource")),
  page("/market", () => import("./pages/market")),
  page("/market/$id", () => import("./pages/market/Product")),
  page("/tasks", () => import("./pages/tasks")),
  page("/plans", () => import("./pages/plans")),
  page("/selections", () => import("./pages/selections")),
  page("/assessments", () => import("./pages/assessments")),
  page("/border", () => import("./pages/border")),
  page("/disputes", () => import("./pages/disputes")),
  page("/disclosure", () => import("./pages/disclosure")),
  page("/register", () => import("./pages/register")),
  page("/alerts", () => import("./pages/alerts")),
  page("/incidents", () => import("./pages/incidents")),
  page("/quality", () => import("./pages/quality")),
  page("/chain", () => import("./pages/chain")),
  page("/books", () => import("./pages/books")),
  page("/exits", () => import("./pages/exits")),
  page("/develop", () => import("./pages/develop")),
  page("/workbench", () => import("./pages/workbench")),
  page("/certificates", () => import("./pages/certificates")),
  page("/files", () => import("./pages/files")),
  page("/evidence", () => import("./pages/evidence")),
  page("/live", () => import("./pages/live")),
  page("/verify", () => import("./pages/verify")),
  page("/rules", () => import("./pages/rules")),
  page("/acts", () => import("./pages/acts")),
  page("/parties", () => import("./pages/parties")),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
