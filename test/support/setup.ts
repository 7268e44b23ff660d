// Runs once before the tests that need a kernel, a server or a browser: sets .venv up as `npm start` does, and says
// what is missing. The library was built by `npm test` itself; one that does not build is a failure, not a lack.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TestProject } from "vitest/node";
import { chromium } from "./chromium.js";
import { firefox } from "./firefox.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** What this machine lacks, in a sentence; undefined where nothing is. */
    hosts: { python?: string; browser?: string; firefox?: string };
    /** Where the site stands that was exported from stored outputs, once a test has asked for it. */
    storedSite: string;
  }
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export default function setup(project: TestProject): () => void {
  const script = pathToFileURL(join(root, "scripts", "setup.mjs")).href;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", `(await import(${JSON.stringify(script)})).setupPython()`],
    { cwd: root, encoding: "utf8" },
  );
  const python = status === 0 ? undefined : stderr.trim().split("\n").at(-1) || `setup ended with ${status}`;
  const browser = chromium() ? undefined : "no Chromium found; install it, or name it in CHROMIUM";
  const other = firefox() ? undefined : "no Firefox found; install it, or name it in FIREFOX";
  if (process.env.CI === "true" && (python || browser || other))
    throw new Error(`nothing may be skipped under CI=true: ${python ?? browser ?? other}`);
  project.provide("hosts", {
    ...(python && { python }),
    ...(browser && { browser }),
    ...(other && { firefox: other }),
  });
  const folder = mkdtempSync(join(tmpdir(), "ridgepoint-stored-"));
  project.provide("storedSite", join(folder, "site"));
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
