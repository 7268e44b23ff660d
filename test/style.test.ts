// The house's form, held by the programs that decide it: ESLint, Prettier, knip and typedoc, and by two counts that
// none of them makes.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { ESLint } from "eslint";
import { check, getFileInfo, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const rooms = ["bench", "kernel", "lib", "page", "scripts", "test"];
const columns = 120;
const lines = 250;

/** Files that another program wrote, by the beginnings of their paths, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  "lib/dist/": "what tsc built",
  "lib/kernels/wasm/dist/": "what lib/kernels/build.mjs compiled",
  "page/dist/": "what page/build.mjs bundled",
  "lib/lesson/records/": "recorded runs, written by npm run notebooks -- --measured",
  "test/golden/": "what charts, tools and published tables gave, kept byte for byte",
};

/** The files of the rooms and of the root's own level, by their paths from the root. */
const files = [
  ...rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ),
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[^.].*\.(mjs|ts|jsonc)$/.test(entry.name))
    .map((entry) => join(root, entry.name)),
]
  .map((path) =>
    path
      .slice(root.length + 1)
      .split(sep)
      .join("/"),
  )
  .filter((path) => !Object.keys(exceptions).some((beginning) => path.startsWith(beginning)))
  .sort();

const written = new Set([".c", ".cjs", ".css", ".j2", ".mjs", ".py", ".ts"]);
const sources = files.filter((path) => written.has(extname(path)));
const linesOf = (path: string): string[] => readFileSync(join(root, path), "utf8").replace(/\n$/, "").split("\n");

describe("every file of the house", () => {
  it("breaks no rule of ESLint", { timeout: 240_000 }, async () => {
    const eslint = new ESLint({ cwd: root, warnIgnored: false });
    const results = await eslint.lintFiles(files.filter((path) => /\.(ts|mjs|cjs)$/.test(path)));
    const broken = results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, ruleId, message }) => `${filePath.slice(root.length + 1)}:${line} ${ruleId}: ${message}`),
    );
    expect(broken).toEqual([]);
  });

  it("is as Prettier writes it", { timeout: 240_000 }, async () => {
    const ignorePath = join(root, ".prettierignore");
    const other: string[] = [];
    for (const path of files) {
      const filepath = join(root, path);
      const { ignored, inferredParser } = await getFileInfo(filepath, { ignorePath });
      if (ignored || !inferredParser) continue;
      const options = { ...(await resolveConfig(filepath)), filepath };
      if (!(await check(readFileSync(filepath, "utf8"), options))) other.push(path);
    }
    expect(other).toEqual([]);
  });

  it(`has no line of more than ${columns} columns`, () => {
    const wide = sources.flatMap((path) =>
      linesOf(path).flatMap((line, i) => ([...line].length > columns ? [`${path}:${i + 1}: ${line}`] : [])),
    );
    expect(wide).toEqual([]);
  });

  it(`has at most ${lines} lines`, () => {
    const long = sources
      .filter((path) => linesOf(path).length > lines)
      .map((path) => `${path}: ${linesOf(path).length} lines`);
    expect(long).toEqual([]);
  });

  it("has an export, a file or a dependency only where something uses it", { timeout: 240_000 }, () => {
    expect(said("knip/bin/knip.js")).toEqual([0, ""]);
  });

  it(
    "gives each name of a public signature its place in the reference, without a warning",
    { timeout: 240_000 },
    () => {
      expect(said("typedoc/bin/typedoc", "--emit", "none", "--logLevel", "Warn")).toEqual([0, ""]);
    },
  );
});

/** The exit code of a program among node_modules, and what it printed. */
function said(program: string, ...args: string[]): [number | null, string] {
  const path = join(root, "node_modules", ...program.split("/"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { cwd: root, encoding: "utf8" });
  return [status, `${stdout}${stderr}`.trim()];
}
