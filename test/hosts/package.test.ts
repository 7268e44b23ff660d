// The package as somebody else gets it: packed, installed into an empty project, and used on every road that it
// promises. RIDGEPOINT_NODES names further Nodes to use it under (paths, parted as in PATH).
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { environment, finished, root, temporaryFolder } from "../support/hosts.js";

const folder = temporaryFolder();
const app = join(folder, "app");
// What npm tells its scripts is this project's, not that one's.
const env = environment({ ONNXRUNTIME_NODE_INSTALL: "skip" });
const run = (command: string, ...args: string[]) => finished(command, args, { cwd: app, env });
const nodes = [process.execPath, ...(process.env.RIDGEPOINT_NODES ?? "").split(delimiter).filter(Boolean)].map(
  (path): [version: string, path: string] => [versionOf(path), path],
);
const rooms = ["counting", "charts", "files", "measuring", "browser"];
const counted = `
import { linear, cost } from "ridgepoint/counting";
console.log(cost(linear({ tokens: 2, inFeatures: 3, outFeatures: 4 })).macs);
`;

function versionOf(node: string): string {
  const { stdout, error } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (!/^v\d+/.test(stdout ?? ""))
    throw new Error(`RIDGEPOINT_NODES must name Nodes, got ${node} (${error ?? stdout})`);
  return stdout.trim();
}

beforeAll(async () => {
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }\n');
  const packed = await finished("npm", ["pack", "--silent", "--pack-destination", folder, join(root, "lib")], { env });
  if (packed.status !== 0) throw new Error(packed.stderr);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  const installed = await run("npm", "install", "--no-audit", "--no-fund", join("..", tarball));
  if (installed.status !== 0) throw new Error(installed.stderr);
}, 300_000);

describe("the package in an empty project", () => {
  test("holds what is built, a licence and a readme, and no source", () => {
    const files = readdirSync(join(app, "node_modules", "ridgepoint"), { recursive: true, encoding: "utf8" });
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "bin.mjs"]));
    const licence = (folder: string) => readFileSync(join(folder, "LICENSE"), "utf8");
    expect(licence(join(app, "node_modules", "ridgepoint"))).toBe(licence(root));
    expect(files.filter((name) => /(?<!\.d)\.ts$|build\.mjs$|tsconfig/.test(name))).toEqual([]);
  });

  test("runs by npx", async () => {
    const { stdout, stderr, status } = await run("npx", "--no-install", "ridgepoint", "count", "resnet50", "--json");
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ macs: 4089184256 });
  });

  test.each(["nodenext", "bundler"])(
    "satisfies strict TypeScript under moduleResolution %s",
    async (moduleResolution) => {
      const program = `
import { cost, linear, measureMachine, type Machine } from "ridgepoint";
import { barChart, type Chart } from "ridgepoint/charts";
import { device, ridgePoint } from "ridgepoint/counting";
import { fromGguf } from "ridgepoint/files";
const value: number = cost(linear({ tokens: 1, inFeatures: 2, outFeatures: 3 })).macs;
export const chart: Chart = barChart([{ name: "a", value }]);
export const ridge: number = ridgePoint(device("h100-sxm"), "bf16");
export const machine: Promise<Machine> = measureMachine();
export const file: typeof fromGguf = fromGguf;
`;
      writeFileSync(join(app, "use.ts"), program);
      const module = moduleResolution === "bundler" ? "esnext" : "nodenext";
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "es2022",
        lib: ["es2022"],
        types: [],
        module,
        moduleResolution,
      };
      writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
      const { stdout } = await run(process.execPath, join(root, "node_modules", "typescript", "bin", "tsc"), "-p", app);
      expect(stdout).toBe("");
    },
  );

  test("bundles for a page by esbuild; linear and cost take less than 8 kB", async () => {
    writeFileSync(join(app, "small.js"), counted);
    const options = {
      absWorkingDir: app,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
      logLevel: "silent",
    } as const;
    const small = await esbuild({ ...options, entryPoints: ["small.js"] });
    expect(small.outputFiles[0]!.text.length).toBeLessThan(8_000);
    writeFileSync(
      join(app, "page.js"),
      'import * as ridgepoint from "ridgepoint"; globalThis.ridgepoint = ridgepoint;',
    );
    const page = await esbuild({ ...options, entryPoints: ["page.js"] });
    expect(page.outputFiles[0]!.text).not.toMatch(/["'`]node:/);
  });

  test("bundles for a page by vite, and what was bundled counts", async () => {
    const made = await vite({
      root: app,
      configFile: false,
      logLevel: "silent",
      build: { write: true, outDir: "out", lib: { entry: join(app, "small.js"), formats: ["es"], fileName: "small" } },
    });
    expect(made).toBeDefined();
    const file = readdirSync(join(app, "out"))[0]!;
    expect(readFileSync(join(app, "out", file), "utf8")).not.toContain("node:");
    expect((await run(process.execPath, join(app, "out", file))).stdout).toBe("24\n");
  });

  test("passes publint and attw", async () => {
    const tarball = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(".tgz"))!,
    );
    const bin = (name: string) => join(root, "node_modules", ".bin", name);
    const linted = await finished(bin("publint"), ["run", "--strict", tarball], { env });
    expect([linted.status, linted.stdout]).toEqual([0, expect.stringContaining("All good!")]);
    // Modules only, which Node 20.19 and newer load by require too; entries by room need a resolver that knows exports.
    const types = await finished(bin("attw"), ["--profile", "esm-only", "--no-color", tarball], { env });
    expect([types.status, types.stdout]).toEqual([0, expect.any(String)]);
  });
});

describe.each(nodes)("the package under Node %s", (_, path) => {
  const node = (program: string, ...flags: string[]) => run(path, ...flags, "-e", program);

  test("is imported as a module and by require, at its root and by room", async () => {
    const root = await node(
      'console.log((await import("ridgepoint")).modelCost((await import("ridgepoint")).model("resnet50")).macs)',
      "--input-type=module",
    );
    expect([root.stdout, root.stderr]).toEqual(["4089184256\n", ""]);
    const required = await node(
      'console.log(require("ridgepoint").ridgePoint(require("ridgepoint").device("h100-sxm"), "bf16").toFixed(1))',
      "--input-type=commonjs",
      "--no-warnings",
    );
    expect([required.stdout, required.stderr]).toEqual(["295.2\n", ""]);
    for (const room of rooms) {
      const { stdout, stderr } = await node(
        `console.log(Object.keys(await import("ridgepoint/${room}")).length > 3)`,
        "--input-type=module",
      );
      expect([room, stdout, stderr]).toEqual([room, "true\n", ""]);
    }
  });

  test("runs its command", async () => {
    const bin = join("node_modules", "ridgepoint", "bin.mjs");
    const { stdout, stderr, status } = await run(path, bin, "count", "resnet50", "--json");
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ macs: 4089184256 });
  });

  test("runs WebAssembly on two threads, and draws", async () => {
    const { stdout, stderr, status } = await node(
      `
import { JSDOM } from "jsdom";
import { barChart, svgText } from "ridgepoint/charts";
import { kernels } from "ridgepoint/measuring";
const kernel = kernels["chains/wasm"];
const prepared = await kernel.prepare({ steps: 20_000, threads: 2 });
console.log(kernel.run(prepared).toFixed(1));
kernel.release(prepared);
console.log(svgText(barChart([{ name: "a", value: 1 }]), new JSDOM("").window.document).slice(0, 4));
`,
      "--input-type=module",
    );
    expect([status, stdout, stderr]).toEqual([0, "48.0\n<svg\n", ""]);
  });
});
