import { expect, it } from "vitest";
import { permitOf } from "./permit";

const given = { agreement: "agr_1", from: "2027-01-01", until: "2027-12-31", cost: "1.00", basis: "监审报告" };

it("what was left out is said to be none", () => {
  expect(permitOf({ ...given, document_number: " ", adjusted_amount: "" })).toEqual({
    agreement: "agr_1",
    cost: "1.00",
    basis: "监审报告",
    period: { from: "2027-01-01", until: "2027-12-31" },
    replaces: null,
    document_number: null,
    document_sha256: null,
    adjustment: null,
  });
});

it("the document of the verification and the difference of an earlier period go with it", () => {
  const hash = "ab".repeat(32);
  const permit = permitOf({
    ...given,
    document_number: "深龙华发改〔2027〕1 号",
    document_sha256: hash,
    adjusted: "rev_1",
    adjusted_amount: "-12.50",
    adjusted_reason: "成本多计",
    adjusted_document: hash,
  });
  expect(permit).toMatchObject({
    document_number: "深龙华发改〔2027〕1 号",
    document_sha256: hash,
    adjustment: { revenue: "rev_1", amount: "-12.50", reason: "成本多计", document_sha256: hash },
  });
  expect(Object.keys(permit).filter((name) => name.startsWith("adjusted"))).toEqual([]);
});
