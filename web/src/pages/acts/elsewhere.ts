/** Acts that have a page of their own, since the platform finds out by itself what they carry. */
import type { Words } from "../../i18n/zh";

type Page = keyof Omit<Words["nav"], "label" | "open" | "groups">;

const PAGES: Readonly<Record<string, Page>> = {
  "version.record": "catalogue",
  "version.destroyed": "catalogue",
  "product.submit": "develop",
  "query.save": "workbench",
  "query.attempt": "workbench",
  "query.run": "workbench",
  "model.train": "workbench",
  "output.submit": "workbench",
  "output.collect": "workbench",
  "evidence.make": "evidence",
  "file.record": "files",
  "file.read": "files",
  "agreement.seal": "chain",
  "credential.issue": "parties",
};

export const pageOf = (act: string): Page | undefined => PAGES[act];
