// What `npm ci` may run of others: install scripts are named in package.json for npm 11, and npm 10 runs those that the
// lock file marks.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));
type Entry = { hasInstallScript?: boolean };

const lock = read("package-lock.json").packages as Record<string, Entry>;
const allowed = read("package.json").allowScripts as Record<string, boolean>;
const marked = Object.keys(lock).filter((path) => lock[path]!.hasInstallScript && existsSync(join(root, path)));

test("every package that the lock file marks as running a script at its installation is named in allowScripts", () => {
  const names = marked.map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
  expect(names.filter((name) => !allowed[name])).toEqual([]);
});

test(
  "onnxruntime-node runs none: its script " +
    "downloads CUDA libraries, and npm " +
    "removes the package where it cannot",
  () => {
    expect(allowed["onnxruntime-node"]).toBe(false);
    expect(lock["node_modules/onnxruntime-node"]!.hasInstallScript).toBeUndefined();
  },
);

test.skipIf(!existsSync(join(root, "node_modules/onnxruntime-node")))(
  "onnxruntime-node loads as its package holds it",
  () => {
    expect(createRequire(import.meta.url)("onnxruntime-node").InferenceSession.create).toBeTypeOf("function");
  },
);

test(
  "tsc is the project's TypeScript: the " +
    "lock file keeps tslab's own, which " +
    "brings the same command, below tslab",
  () => {
    expect(Object.keys(lock).filter((path) => path.endsWith("@tslab/typescript-for-tslab"))).toEqual([
      "node_modules/tslab/node_modules/@tslab/typescript-for-tslab",
    ]);
    const { status, stdout } = spawnSync("npx", ["tsc", "--version"], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const { version } = read("node_modules/typescript/package.json") as { version: string };
    expect([status, stdout.trim()]).toEqual([0, `Version ${version}`]);
  },
);

test("no file of ours names a setting that npm does not know: each command would warn of it", () => {
  expect(existsSync(join(root, ".npmrc"))).toBe(false);
});
