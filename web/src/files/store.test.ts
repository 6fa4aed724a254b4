import { expect, it } from "vitest";
import { fileAddress, type Kept, keep, size } from "./store";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const kept = (by: string): Kept => ({
  id: "fil_1",
  sha256: EMPTY,
  bytes: 0,
  media_type: "text/plain",
  name: "已有.txt",
  by: { id: by, name: by },
  at: "2026-04-01T02:00:00Z",
  named: false,
});

it("does not send again what the party keeps already", async () => {
  const again = await keep(new File([], "另一名称.txt"), [kept("pty_other"), kept("pty_own")], "pty_own");
  expect([again.sha256, again.name]).toEqual([EMPTY, "已有.txt"]);
});

it("says where a file is read and how long it is", () => {
  expect(fileAddress(EMPTY)).toBe(`/api/v1/files/${EMPTY}`);
  expect([0, 1023, 1024, 1_572_864, 67_108_864, 5_368_709_120].map(size)).toEqual([
    "0 B",
    "1023 B",
    "1.0 KB",
    "1.5 MB",
    "64 MB",
    "5.0 GB",
  ]);
});
