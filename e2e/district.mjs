// The sample district, served by the binary for one test file.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GONGSHU = process.env.GONGSHU_BIN ?? new URL("../target/debug/gongshu", import.meta.url).pathname;
const FIRMS = "3000";

/** Lives the lifecycle of the sample district and serves it on a free port. */
export async function startDistrict() {
  const folder = mkdtempSync(join(tmpdir(), "gongshu-e2e-"));
  const data = join(folder, "district");
  const lived = spawnSync(GONGSHU, ["demo", "--once", "--firms", FIRMS, "--data", data], { encoding: "utf8" });
  if (lived.status !== 0) throw new Error(`the sample district's lifecycle failed: ${lived.stdout}${lived.stderr}`);
  const server = spawn(GONGSHU, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
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
