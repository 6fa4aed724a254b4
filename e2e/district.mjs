// The sample district, served by the binary for one test file.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GONGSHU = process.env.GONGSHU_BIN ?? new URL("../target/debug/gongshu", import.meta.url).pathname;
const FIRMS = "3000";

/** The environment of a server whose calendar is so many days ahead. */
function ahead(folder, days) {
  if (days === 0) return process.env;
  const source = new URL("../crates/cli/tests/gongshu/clock.c", import.meta.url).pathname;
  const library = join(folder, "clock.so");
  const compiled = spawnSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, source], { encoding: "utf8" });
  if (compiled.status !== 0) throw new Error(`the clock does not compile: ${compiled.stderr}`);
  const control = join(folder, "clock.control");
  const seconds = Buffer.alloc(24);
  seconds.writeBigInt64LE(BigInt(days) * 86_400n);
  writeFileSync(control, seconds);
  return { ...process.env, LD_PRELOAD: library, FAULT_CONTROL: control };
}

/**
 * Lives the lifecycle of the sample district and serves it on a free port, so many days later where that is asked for. Lived
 * in one day it has no month that is over; otherwise it is what `make demo` serves.
 */
export async function startDistrict({ daysAhead = 0, address, rules, oneDay = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gongshu-e2e-"));
  const data = join(folder, "district");
  const lived = spawnSync(GONGSHU, ["demo", "--once", ...(oneDay ? ["--one-day"] : []), "--firms", FIRMS, "--data", data, ...(address ? ["--address", address] : [])], { encoding: "utf8" });
  if (lived.status !== 0) throw new Error(`the sample district's lifecycle failed: ${lived.stdout}${lived.stderr}`);
  // A district's own rules lie over those of the state.
  if (rules) {
    mkdirSync(join(data, "rules"), { recursive: true });
    writeFileSync(join(data, "rules", "own.toml"), rules);
  }
  const server = spawn(GONGSHU, ["serve", "--data", data, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: ahead(folder, daysAhead),
  });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (bytes) => {
      said += bytes;
      const address = /http:\/\/\S+/.exec(said);
      if (address) resolve(address[0]);
    });
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return {
    url,
    data,
    stop() {
      server.removeAllListeners("exit");
      server.kill("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
