/** What the form of a permitted revenue becomes in the command. */
import { isBlank } from "../../acts/rules";

type Values = Record<string, unknown>;

export function permitOf(given: Values): Values {
  const { from, until, replaces, document_number, document_sha256, ...others } = given;
  const { adjusted, adjusted_amount, adjusted_reason, adjusted_document, ...rest } = others;
  return {
    ...rest,
    period: { from, until },
    replaces: isBlank(replaces) ? null : replaces,
    document_number: isBlank(document_number) ? null : document_number,
    document_sha256: isBlank(document_sha256) ? null : document_sha256,
    adjustment: isBlank(adjusted)
      ? null
      : { revenue: adjusted, amount: adjusted_amount, reason: adjusted_reason, document_sha256: adjusted_document },
  };
}
