// The set-up's lock between processes: one at a time, and nobody waits for the dead.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const module = new URL("../../scripts/setup/lock.mjs", import.meta.url).href;
let folder: string;
let lock: string;
let log: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ridgepoint-"));
  lock = join(folder, ".setup", "lock");
  log = join(folder, "log");
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that runs `body` under the lock; resolves to what it printed. */
function holder(body: string): ChildProcess & { ended: Promise<string> } {
  const script = `
    import { appendFileSync } from "node:fs";
    import { spawn } from "node:child_process";
    import { setTimeout as sleep } from "node:timers/promises";
    import { locked } from ${JSON.stringify(module)};
    const log = (text) => appendFileSync(${JSON.stringify(log)}, text + "\\n");
    await locked(${JSON.stringify(lock)}, async (under) => { ${body} });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  let said = "";
  child.stdout!.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  return Object.assign(child, { ended: new Promise<string>((resolve) => child.on("close", () => resolve(said))) });
}

const lines = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const inAndOut = `log("in"); await sleep(60); log("out");`;

/** A lock as a process leaves it that was killed. */
function left(owner: object): void {
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, "owner.json"), JSON.stringify({ token: "1-x", host: hostname(), ...owner }));
}

describe("the lock", () => {
  test("lets one in at a time, also where it finds a dead owner's, and leaves nothing", async () => {
    left({ pid: 2 ** 22 + 1 });
    await Promise.all(Array.from({ length: 6 }, () => holder(inAndOut).ended));
    expect(lines()).toEqual(Array.from({ length: 6 }, () => ["in", "out"]).flat());
    expect(existsSync(join(folder, ".setup"))).toBe(false);
  });

  test("says once whom it waits for", async () => {
    const first = holder(`log("in"); await sleep(1000);`);
    await until(() => lines().includes("in"));
    expect(await holder(`log("second");`).ended).toBe(
      `another set-up is running here (process ${first.pid}): waiting …\n`,
    );
  });

  test("of a killed owner is taken over at once", async () => {
    const first = holder(`log("in"); await sleep(60000);`);
    await until(() => lines().includes("in"));
    first.kill("SIGKILL");
    await first.ended;
    expect(await holder(`log("second");`).ended).toBe("");
    expect(lines()).toEqual(["in", "second"]);
    expect(readdirSync(folder)).toEqual(["log"]);
  });

  test("of a killed owner is held by what it had started, until that ends", async () => {
    const first = holder(
      `const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 1200)"]); ` +
        `under.started(child.pid); log("in"); await sleep(60000);`,
    );
    await until(() => lines().includes("in"));
    first.kill("SIGKILL");
    await first.ended;
    expect(await holder(`log("second");`).ended).toContain("waiting …");
  });

  test.skipIf(process.platform === "win32")(
    "whose owner's number another process has now is taken over at once",
    async () => {
      left({ pid: process.pid, started: "before" });
      expect(await holder(`log("in");`).ended).toBe("");
    },
  );

  test("without a description is taken over at once", async () => {
    mkdirSync(lock, { recursive: true });
    expect(await holder(`log("in");`).ended).toBe("");
  });

  test("is not taken again by what its owner starts", async () => {
    const inner =
      `import { locked } from ${JSON.stringify(module)}; ` +
      `await locked(${JSON.stringify(lock)}, () => console.log("inner"));`;
    const script =
      `await new Promise((done) => spawn(process.execPath, ["--input-type=module", "-e", ` +
      `${JSON.stringify(inner)}], { env: under.env, stdio: "inherit" }).on("close", done));`;
    expect(await holder(script).ended).toBe("inner\n");
  });
});
