import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { actsOn } from "./acts";

type Registration = Schemas["Registration"];

const publicity = (provisional = false) => ({ step: "publicity", due: "2026-12-11", late: false, provisional });
const registration = (status: string, of: Partial<Registration> = {}) => ({
  status,
  applicant: { id: "pty_market", name: "市场监督管理局" },
  stopped: null,
  steps: [],
  objections: [],
  ...of,
});
const on = (status: string, of: Partial<Registration> = {}, own = "pty_agency", today = "2026-12-01") =>
  actsOn(registration(status, of), own, today);

describe("what may be done about a registration", () => {
  it("is the next of its steps", () => {
    expect(on("applied")).toEqual(["registration.accept"]);
    expect(on("accepted")).toEqual(["registration.review"]);
  });

  it("is nothing once it has its code, went back or was taken back", () => {
    for (const status of ["registered", "returned", "withdrawn"]) {
      expect(on(status, { steps: [publicity()] }, "pty_market", "2027-01-01")).toEqual([]);
    }
  });

  it("whoever applied takes it back until it has its code, and nobody else", () => {
    for (const status of ["applied", "accepted", "publicized"]) {
      expect(on(status, {}, "pty_market")).toContain("registration.withdraw");
      expect(on(status)).not.toContain("registration.withdraw");
    }
  });

  it("objections are heard during the publicity, and the code follows it", () => {
    const shown = { steps: [publicity()] };
    expect(on("publicized", shown)).toEqual(["registration.object"]);
    expect(on("publicized", shown, "pty_agency", "2026-12-11")).toEqual(["registration.object"]);
    expect(on("publicized", shown, "pty_agency", "2026-12-12")).toEqual(["registration.assign"]);
  });

  it("a day that waits for the calendar of its year is not over", () => {
    expect(on("publicized", { steps: [publicity(true)] }, "pty_agency", "2026-12-12")).toEqual(["registration.object"]);
  });

  it("an open objection stops the clock and is decided on first", () => {
    const stopped = {
      steps: [publicity()],
      stopped: "2026-12-10",
      objections: [{ number: 1, outcome: "open" } as Registration["objections"][number]],
    };
    expect(on("publicized", stopped, "pty_agency", "2027-01-10")).toEqual([
      "registration.object",
      "registration.decide",
    ]);
  });
});
