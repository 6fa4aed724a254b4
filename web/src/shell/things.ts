/** On which page a thing on record stands, by the prefix of its id. */
import type { LinkProps } from "@tanstack/react-router";

const PAGES: Readonly<Record<string, LinkProps["to"]>> = {
  pln: "/plans",
  sel: "/selections",
  pty: "/parties",
  pst: "/parties",
  dlg: "/parties",
  agr: "/chain",
  scn: "/chain",
  sub: "/chain",
  cns: "/chain",
  eng: "/chain",
  rev: "/books",
  per: "/books",
  mdl: "/develop",
  run: "/workbench",
  out: "/workbench",
  xpt: "/border",
  ext: "/exits",
  era: "/evidence",
  alr: "/alerts",
  inc: "/incidents",
  wko: "/quality",
  dsp: "/disputes",
  asm: "/assessments",
  reg: "/register",
  dsc: "/disclosure",
  rpt: "/disclosure",
  cmp: "/disputes",
  fil: "/files",
};

/** Where it is; nothing where no page shows it. */
export function placeOf(id: string): Pick<LinkProps, "to" | "params"> | undefined {
  const [prefix = ""] = id.split("_");
  if (prefix === "res") return { to: "/catalogue/$id", params: { id } };
  if (prefix === "prd") return { to: "/market/$id", params: { id } };
  const to = PAGES[prefix];
  return to ? { to } : undefined;
}
