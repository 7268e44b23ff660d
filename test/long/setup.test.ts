// The set-up of a fresh clone, killed at ten points: the next run ends right each time. Then what else may befall the
// folder. Needs the registries, as a first run does. What a point is not about stays as the run before it left it.
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { Clone, type Run } from "./clone.js";

const library = ["lib/dist", "lib/kernels/wasm/.sources"];
const packages = ["node_modules", ...library];

describe.skipIf(process.platform === "win32")("npm start", () => {
  const clone = new Clone();
  afterAll(() => rmSync(dirname(clone.folder), { recursive: true, force: true, maxRetries: 3 }));
  beforeEach(() => clone.remove("site", "notebooks/early", "notebooks/late", "notebooks/linger"));

  const endedRight = ({ status, output }: Run) => {
    expect(output).toContain("The lectures are in ");
    expect(status).toBe(0);
    expect(clone.list("site").sort()).toEqual(["index.html", "long.html"]);
    expect(clone.has(".setup")).toBe(false);
    expect(clone.git("status", "--porcelain")).toBe("");
  };
  const has = (name: string) => () => clone.has(name);

  test.each<[point: string, without: string[], sign: () => boolean]>([
    ["npm ci has begun", packages, () => clone.list("node_modules").length > 5],
    ["npm ci has its packages, and builds", packages, has("node_modules/.package-lock.json")],
    [".venv is there", [".venv"], has(".venv/pyvenv.cfg")],
    [".venv is being given pip", [".venv"], () => clone.installed().includes("pip")],
    ["pip downloads", [".venv"], has(".venv/bin/pip")],
    ["pip has installed jupyterlab", [".venv"], () => clone.installed().includes("jupyterlab")],
    ["the library is being compiled", library, has("lib/kernels/wasm/.sources")],
    ["a lecture has begun", [], has("notebooks/early")],
    ["a lecture is half-way", [], has("notebooks/late")],
    ["pages are being written", [], () => clone.list(".").some((name) => /^site\..+\.part$/.test(name))],
  ])("killed when %s: the next one ends right", async (point, without, sign) => {
    clone.remove(...without);
    if (point.includes("lecture")) writeFileSync(clone.path("notebooks/linger"), "");
    const killed = await clone.start(sign);
    expect(killed.status, `it ended before it was killed:\n${killed.output}`).toBeNull();
    expect(clone.has("site")).toBe(false);
    clone.remove("notebooks/linger");
    endedRight(await clone.start());
  });

  test("two at once in a fresh clone: one waits for the other, and both end right", async () => {
    clone.remove(...packages, ".venv");
    const both = await Promise.all([clone.start(), clone.start()]);
    for (const run of both) endedRight(run);
    expect(
      both.filter(({ output }) => /another set-up is running here \(process \d+\): waiting …/.test(output)),
    ).toHaveLength(1);
  });

  test("a Python that is gone is noticed, and .venv made anew", async () => {
    clone.remove(".venv/bin/python3");
    symlinkSync("/nonexistent/python3", clone.path(".venv/bin/python3"));
    const run = await clone.start();
    expect(run.output).toContain("(its Python no longer runs)");
    endedRight(run);
  });

  test("a folder that was moved is noticed, and .venv made anew", async () => {
    renameSync(clone.folder, `${clone.folder}-moved`);
    clone.folder += "-moved";
    const run = await clone.start();
    expect(run.output).toContain("(the one there was made in another folder)");
    endedRight(run);
    expect((await clone.start()).output).not.toContain("installing");
  });
});
