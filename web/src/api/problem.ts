/** Problem responses (RFC 9457) and the refusals that they carry. */
import type { components } from "./schema";

type Text = components["schemas"]["Text"];

export interface Refusal {
  rule: string;
  source: string;
  article: string;
  message: Text;
  remedy: Text;
}

export type RowProblem = {
  line: number;
  column: number;
  field?: string | null;
  message: Text;
};

export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  refusal?: Refusal;
  location?: { line: number; column: number };
  rows?: RowProblem[];
  receipt?: components["schemas"]["Receipt"];
}

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The problem of a response; what is no problem document is wrapped, with its status. */
export function problemOf(status: number, body: unknown): Problem {
  const parsed = typeof body === "string" ? parse(body) : body;
  if (isProblem(parsed)) return parsed;
  const detail = status === 0 ? "无法连接平台；the platform cannot be reached" : `HTTP ${status}`;
  return { title: detail, status, detail, code: status === 0 ? "network" : "http" };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
