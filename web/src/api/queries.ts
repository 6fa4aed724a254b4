/** Server state, one query a list. Acts change anything, so they invalidate everything. */
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { api, body, ProblemError, type Schemas } from "./client";

const list = <T>(key: string, get: () => Promise<{ items: T[] }>) => ({
  queryKey: [key],
  queryFn: async () => (await get()).items,
});

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: async () => {
      try {
        return await body(api.GET("/api/v1/session"));
      } catch (error) {
        if (error instanceof ProblemError && error.problem.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** Another session begins, or none: the frame, which stays on the screen, learns of it, and what the former one saw is forgotten. */
export function beginSession(client: QueryClient, session: Schemas["Session"] | null) {
  client.setQueryData(["session"], session);
  client.removeQueries({ predicate: ({ queryKey: [key] }) => key !== "session" && key !== "district" });
}

/** Whether the server says that the signed-in party may ever do this act. */
export function useMay(act: string): boolean {
  const session = useSession();
  return session.data?.acts.includes(act) ?? false;
}

export const useDistrict = () => useQuery({ queryKey: ["district"], queryFn: () => body(api.GET("/api/v1/district")) });
export const useParties = () => useQuery(list("parties", () => body(api.GET("/api/v1/parties"))));
export const usePosts = () => useQuery(list("posts", () => body(api.GET("/api/v1/posts"))));
export const usePeople = () => useQuery(list("people", () => body(api.GET("/api/v1/people"))));
export const useNotices = (thing: string) =>
  useQuery({ queryKey: ["notices", thing], queryFn: () => noticesOf(thing) });
export const useResources = () => useQuery(list("resources", () => body(api.GET("/api/v1/resources"))));
export const useProducts = () => useQuery(list("products", () => body(api.GET("/api/v1/products"))));
export const useModels = () => useQuery(list("models", () => body(api.GET("/api/v1/models"))));
export const useAlerts = () => useQuery(list("alerts", () => body(api.GET("/api/v1/alerts"))));
export const useWorkOrders = () =>
  useQuery(list("work-orders", () => body(api.GET("/api/v1/work-orders", { params: {} }))));
export const useIncidents = () => useQuery(list("incidents", () => body(api.GET("/api/v1/incidents"))));
export const useDisclosures = () => useQuery(list("disclosures", () => body(api.GET("/api/v1/disclosures"))));
export const useDisclosureDrafts = () =>
  useQuery(list("disclosure-drafts", () => body(api.GET("/api/v1/disclosures/drafts"))));
export const useComplaints = () => useQuery(list("complaints", () => body(api.GET("/api/v1/complaints"))));
export const useReports = () => useQuery(list("reports", () => body(api.GET("/api/v1/reports"))));
export const useStatistics = () =>
  useQuery({ queryKey: ["statistics"], queryFn: () => body(api.GET("/api/v1/statistics", { params: {} })) });
export const useRegister = () => useQuery(list("register", () => body(api.GET("/api/v1/register"))));
export const useRegistrations = () => useQuery(list("registrations", () => body(api.GET("/api/v1/registrations"))));
/** What a query code certifies; an unknown one is told at once. */
export const useQueriedRegistration = (code: string) =>
  useQuery({
    queryKey: ["register", code],
    queryFn: () => body(api.GET("/api/v1/register/{query_code}", { params: { path: { query_code: code } } })),
    retry: false,
  });
export const usePlans = () => useQuery(list("plans", () => body(api.GET("/api/v1/plans"))));
export const useSelections = () => useQuery(list("selections", () => body(api.GET("/api/v1/selections"))));
export const useAssessments = () => useQuery(list("assessments", () => body(api.GET("/api/v1/assessments"))));
export const useDisputes = () => useQuery(list("disputes", () => body(api.GET("/api/v1/disputes"))));
export const useCertificates = () => useQuery(list("certificates", () => body(api.GET("/api/v1/certificates"))));
export const useErasures = () => useQuery(list("erasures", () => body(api.GET("/api/v1/erasures"))));
export const useAgreements = () => useQuery(list("agreements", () => body(api.GET("/api/v1/agreements"))));
export const useEngagements = () => useQuery(list("engagements", () => body(api.GET("/api/v1/engagements"))));
export const useScenarios = () => useQuery(list("scenarios", () => body(api.GET("/api/v1/scenarios"))));
export const useSubscriptions = () => useQuery(list("subscriptions", () => body(api.GET("/api/v1/subscriptions"))));
export const useConsents = () => useQuery(list("consents", () => body(api.GET("/api/v1/consents"))));
export const useExports = () => useQuery(list("exports", () => body(api.GET("/api/v1/exports"))));
export const useExportCounts = () => useQuery(list("export-counts", () => body(api.GET("/api/v1/exports/counts"))));
export const useRevenue = () => useQuery(list("revenue", () => body(api.GET("/api/v1/revenue"))));
export const usePeriods = () => useQuery(list("periods", () => body(api.GET("/api/v1/periods"))));
export const useMetering = () => useQuery(list("metering", () => body(api.GET("/api/v1/metering"))));
export const useSettlements = () => useQuery(list("settlements", () => body(api.GET("/api/v1/settlements"))));
export const usePermittedRevenue = () =>
  useQuery(list("permitted-revenue", () => body(api.GET("/api/v1/permitted-revenue"))));
export const useStatement = (party: string) =>
  useQuery({
    ...list(`statement ${party}`, () =>
      body(api.GET("/api/v1/parties/{id}/statement", { params: { path: { id: party } } })),
    ),
    enabled: party !== "",
  });
export const useExits = () => useQuery(list("exits", () => body(api.GET("/api/v1/exits"))));
export const useRules = () => useQuery(list("rules", () => body(api.GET("/api/v1/rules"))));
/** Files that the signed-in party may read; none where nobody is signed in. */
export function useFiles() {
  const session = useSession();
  return useQuery({ ...list("files", () => body(api.GET("/api/v1/files"))), enabled: session.data != null });
}
export const useTasks = () => useQuery(list("tasks", () => body(api.GET("/api/v1/tasks"))));
export const useActForms = () =>
  useQuery({ ...list("act-forms", () => body(api.GET("/api/v1/acts"))), staleTime: Number.POSITIVE_INFINITY });
export const useFeed = () => useQuery(list("feed", () => body(api.GET("/api/v1/feed"))));
export const useWorkResources = (scenario: string) =>
  useQuery(
    list(`work ${scenario}`, () =>
      body(api.GET("/api/v1/workbench/scenarios/{id}/resources", { params: { path: { id: scenario } } })),
    ),
  );
export const useRuns = (scenario: string) =>
  useQuery(
    list(`runs ${scenario}`, () =>
      body(api.GET("/api/v1/workbench/scenarios/{id}/runs", { params: { path: { id: scenario } } })),
    ),
  );
export const useQueries = () => useQuery(list("queries", () => body(api.GET("/api/v1/workbench/queries"))));
export const useOutputs = () => useQuery(list("outputs", () => body(api.GET("/api/v1/workbench/outputs"))));
export const useOutputForReview = (id: string) =>
  useQuery({
    queryKey: ["outputs", id],
    queryFn: () => body(api.GET("/api/v1/workbench/outputs/{id}/review", { params: { path: { id } } })),
  });
/** Cosignatures come by themselves, so the state is asked for again. */
export const useWitnesses = () =>
  useQuery({
    queryKey: ["witnesses"],
    queryFn: () => body(api.GET("/api/v1/log/witnesses")),
    refetchInterval: 5_000,
  });
export const useResource = (id: string) =>
  useQuery({
    queryKey: ["resources", id],
    queryFn: () => body(api.GET("/api/v1/resources/{id}", { params: { path: { id } } })),
  });
export const useProduct = (id: string) =>
  useQuery({
    queryKey: ["products", id],
    queryFn: () => body(api.GET("/api/v1/products/{id}", { params: { path: { id } } })),
  });

/** The values that a rule in force lists, such as mandatory clauses. */
export function useRuleList(id: string): string[] {
  const rule = useRules().data?.find((rule) => rule.id === id);
  const lists = Object.values((rule?.parameters ?? {}) as Record<string, unknown>).filter(Array.isArray);
  return (lists[0] ?? []) as string[];
}

/** The notices of a thing, page by page. */
async function noticesOf(thing: string): Promise<Schemas["ThingNotice"][]> {
  const found: Schemas["ThingNotice"][] = [];
  for (let after: number | null = null; ; ) {
    const page: { items: Schemas["ThingNotice"][]; next?: string | null } = await body(
      api.GET("/api/v1/notices", { params: { query: after === null ? { thing } : { thing, after } } }),
    );
    found.push(...page.items);
    if (!page.next) return found;
    after = Number(page.next);
  }
}
