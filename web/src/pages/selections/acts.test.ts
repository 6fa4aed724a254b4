import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { actsOn } from "./acts";

const applicant = (id: string, total?: number): Schemas["SelectionApplicant"] => ({
  party: { id, name: id },
  at: "2026-03-01T00:00:00Z",
  evidence: {},
  set_aside: false,
  total: total ?? null,
});
const announced = {
  selected: null,
  failed: null,
  panel: [] as string[],
  candidate: null,
  objections: [] as Schemas["SelectionObjection"][],
  cancellable: true,
  applicants: [applicant("pty_a"), applicant("pty_b")],
  term: { from: "2026-03-01", until: "2026-03-31" },
};
const DAY = "2026-03-15";

describe("what may be done about a selection", () => {
  it("an applicant takes its own application back, while applications are taken", () => {
    expect(actsOn(announced, "pty_a", DAY)).toContain("selection.withdraw");
    expect(actsOn(announced, "pty_agency", DAY)).not.toContain("selection.withdraw");
    expect(actsOn(announced, "pty_a", "2026-04-01")).not.toContain("selection.withdraw");
    expect(actsOn({ ...announced, panel: ["甲"] }, "pty_a", DAY)).not.toContain("selection.withdraw");
  });

  it("a panel is seated anew until it has scored", () => {
    expect(actsOn(announced, undefined, DAY)).not.toContain("selection.reseat");
    const seated = { ...announced, panel: ["甲", "乙", "丙"] };
    expect(actsOn(seated, undefined, DAY)).toContain("selection.reseat");
    expect(actsOn({ ...seated, applicants: [applicant("pty_a", 270)] }, undefined, DAY)).not.toContain(
      "selection.reseat",
    );
  });

  it("each step is offered when it is its turn", () => {
    const offered = (of: Partial<Parameters<typeof actsOn>[0]>, today = DAY) =>
      actsOn({ ...announced, ...of }, "pty_agency", today).filter((act) => act !== "selection.cancel");
    expect(offered({})).toEqual(["selection.apply", "selection.qualify", "selection.panel"]);
    const qualified = [{ ...applicant("pty_a"), qualified: true }];
    expect(offered({ applicants: qualified, panel: ["甲"] }, "2026-04-01")).toEqual([
      "selection.reseat",
      "selection.score",
      "selection.fail",
    ]);
    const scored = [{ ...applicant("pty_a", 270), qualified: true }];
    const seated = { applicants: scored, panel: ["甲"] };
    expect(offered(seated, "2026-04-01")).toEqual(["selection.publicize", "selection.fail"]);
    const candidate = {
      party: { id: "pty_a", name: "甲公司" },
      term: announced.term,
      notice: "网站",
      late_days: 0,
    };
    expect(offered({ ...seated, candidate }, "2026-04-01")).toEqual([
      "selection.object",
      "selection.confirm",
      "selection.fail",
    ]);
  });

  it("a selection with a result is only cancelled, and not once an agreement rests on it", () => {
    expect(actsOn(announced, undefined, DAY)).toContain("selection.cancel");
    const selected = { ...announced, selected: { id: "pty_a", name: "甲公司" } };
    expect(actsOn(selected, undefined, DAY)).toEqual(["selection.cancel"]);
    expect(actsOn({ ...selected, cancellable: false }, undefined, DAY)).toEqual([]);
    expect(actsOn({ ...announced, failed: "无人报名" }, undefined, DAY)).toEqual([]);
  });
});
