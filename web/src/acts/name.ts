/** The name of an act as a link or a choice says it. */
import type { Text } from "../api/client";

/** The English name is the first sentence about the act: what stands before its first stop says which it is. */
export const nameOf = ({ zh, en }: Text): Text => ({ zh, en: en.split(/[:;.(]/, 1)[0]?.trim() ?? en });
