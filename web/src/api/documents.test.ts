import { expect, it } from "vitest";
import { agreementDocument, agreementSignature, pemOf, registrationDocument } from "./documents";

it("ids stand in addresses as they are, and can lead nowhere else", () => {
  expect(agreementDocument("agr_1")).toBe("/api/v1/agreements/agr_1/document");
  expect(agreementSignature("agr_1", "pty_1")).toBe("/api/v1/agreements/agr_1/signatures/pty_1");
  expect(registrationDocument("../acts?x=1")).toBe("/api/v1/register/..%2Facts%3Fx%3D1/document");
});

it("a signature in DER is wrapped, one in PEM goes out as it is", () => {
  const der = Uint8Array.from({ length: 100 }, (_, index) => (index === 0 ? 0x30 : 255 - index));
  const pem = pemOf(der);
  const lines = pem.trim().split("\n");
  expect([lines.at(0), lines.at(-1)]).toEqual(["-----BEGIN CMS-----", "-----END CMS-----"]);
  expect(Math.max(...lines.map((line) => line.length))).toBe(64);
  const back = atob(lines.slice(1, -1).join(""));
  expect(Uint8Array.from(back, (letter) => letter.charCodeAt(0))).toEqual(der);
  expect(pemOf(new TextEncoder().encode(pem))).toBe(pem);
});
