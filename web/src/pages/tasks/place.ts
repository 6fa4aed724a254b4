/** Where a task is done. */
import type { LinkProps } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { placeOf } from "../../shell/things";

type Place = Pick<LinkProps, "to" | "params" | "search">;

/** Acts that are done on the page of their thing, beside what there is to be seen of it. */
const ON_PAGE: ReadonlySet<string> = new Set([
  "agreement.accept",
  "books.payment",
  "books.refund",
  "complaint.answer",
  "complaint.close",
  "complaint.decide",
  "complaint.rectify",
  "exit.close",
  "exit.plan",
  "exit.step",
  "model.review",
  "output.review",
  "quality.answer",
  "quality.close",
  "regrading.decide",
  "report.review",
  "revenue.settle",
]);

/** What is done to a product is done on its page; anything else that has no page for it, by the form of its act. */
export function placeOfTask({ act, subject }: Pick<Schemas["Task"], "act" | "subject">): Place {
  const { id, resource } = subject;
  // The months of an agreement are closed where its closed months stand.
  if (act === "books.close") return { to: "/books" };
  const onPage = ON_PAGE.has(act) || id.startsWith("prd_");
  const page = onPage ? placeOf(id) : undefined;
  return page ?? { to: "/acts", search: { act, of: resource ? [id, resource] : [id] } };
}
