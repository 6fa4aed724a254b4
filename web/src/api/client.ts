/** The typed client. Every request carries the header that a page of another site cannot send. */
import createClient from "openapi-fetch";
import { type Problem, ProblemError, problemOf } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Text = Schemas["Text"];

export const api = createClient<paths>({
  baseUrl: "/",
  headers: { "X-Gongshu": "1" },
  credentials: "same-origin",
});

/** What an openapi-fetch request resolves to. */
interface Outcome<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer. Throws a ProblemError otherwise. */
export async function body<T>(request: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await request;
  } catch (error) {
    throw new ProblemError(problemOf(0, String(error)));
  }
  if (!outcome.response.ok) {
    throw new ProblemError(problemOf(outcome.response.status, outcome.error));
  }
  return outcome.data as T;
}

/** A recorded act: its receipt has been checked into the ledger. */
export function act(command: string, of: Record<string, unknown>, revision?: number): Promise<Schemas["ActResponse"]> {
  const header = revision === undefined ? {} : { "If-Match": `"${revision}"` };
  return body(api.POST("/api/v1/acts", { body: { command, of }, params: { header } }));
}

/**
 * Calls a product and gives the answer file as the exact text that came: the receipt commits to it, so it must not
 * pass through a JSON writer.
 */
export function call(product: string, request: Schemas["CallRequest"], key: string): Promise<string> {
  return body(
    api.POST("/api/v1/products/{id}/calls", {
      params: { path: { id: product }, header: { "Idempotency-Key": key } },
      body: request,
      parseAs: "text",
    }),
  );
}

export { type Problem, ProblemError };
