/** The three classes of assets of an exit. */
import type { Schemas } from "../../api/client";

type Asset = Schemas["ExitAsset"];

export const GROUPS = ["raw", "derived", "traded"] as const;
export type Group = (typeof GROUPS)[number];

const CLASSES: Record<Group, string[]> = {
  raw: ["raw_data"],
  derived: ["product", "derived_model", "trained_model", "sealed_output"],
  traded: ["open_subscription"],
};

/** The assets of a class, in the order of their names. */
export const inGroup = (assets: Asset[], group: Group): Asset[] =>
  assets.filter((asset) => CLASSES[group].includes(asset.class)).sort((a, b) => a.name.localeCompare(b.name, "zh-CN"));

/** Where an asset stands. */
export function standing(asset: Asset): "reported" | "destroyed" | "late" | "waiting" {
  if (asset.outcome) return "reported";
  if (asset.destroyed_at) return "destroyed";
  return asset.late ? "late" : "waiting";
}
