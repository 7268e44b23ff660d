// What the tests of kernels, servers and pages need of the machine, and how they start it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, inject } from "vitest";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const windows = process.platform === "win32";
const bin = join(root, ".venv", windows ? "Scripts" : "bin");
export const python = join(bin, windows ? "python.exe" : "python");

/**
 * Why tests cannot run here, or undefined. Found once, by setup.ts; under CI=true a lack is a failure there and never
 * comes this far.
 */
export const lacksPython = () => inject("hosts").python;
export const lacksBrowser = (engine: "chromium" | "firefox" = "chromium") =>
  inject("hosts").python ?? inject("hosts")[engine === "firefox" ? "firefox" : "browser"];
/** A suite's title, with the reason where it is skipped. */
export const titled = (title: string, lack: string | undefined) => (lack ? `${title} (skipped: ${lack})` : title);

const scripts = (await import(pathToFileURL(join(root, "scripts", "setup.mjs")).href)) as {
  environment: () => NodeJS.ProcessEnv;
};

/** As the project's own scripts start Jupyter, less what the test runner adds; `more` wins. */
export function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    Object.entries(scripts.environment()).filter(
      ([name]) => !/^(VITEST|NODE_ENV$|TEST$|FORCE_COLOR|NODE_OPTIONS|npm_)/.test(name),
    ),
  );
  return { ...own, ...more };
}

/** A folder that goes with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ridgepoint-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export type Finished = { status: number | null; stdout: string; stderr: string };

/** Runs a command to its end, whatever its status. */
export function finished(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment(),
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject).on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** A kernelspec `plain` for tslab as it comes, in a folder for JUPYTER_PATH. */
export function plainKernel(folder: string): string {
  const spec = join(folder, "jupyter", "kernels", "plain");
  mkdirSync(spec, { recursive: true });
  const argv = [
    process.execPath,
    join(root, "node_modules", "tslab", "bin", "tslab"),
    "kernel",
    "--config-path",
    "{connection_file}",
  ];
  writeFileSync(
    join(spec, "kernel.json"),
    JSON.stringify({ argv, display_name: "tslab as it comes", language: "typescript" }),
  );
  return join(folder, "jupyter");
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Ends a process that this test started, and waits for it. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(late);
}
