// What a page's bundles leave out is missed by no chart and no cell, and refuses in one line where it is asked for.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import * as charts from "../../lib/charts/index.js";
import { compileCell } from "../../page/compile/cell.js";
import { DrawnDocument } from "../../page/run/document.js";
import { samples } from "../charts/samples.js";
import { temporaryFolder } from "../support/hosts.js";

const root = join(import.meta.dirname, "../..");
const { absent } = (await import(new URL("../../page/absent.mjs", import.meta.url).href)) as {
  absent: (lecture?: number) => Plugin;
};

const folder = temporaryFolder();
let count = 0;

/** What `text` exports, bundled as for the page of `lecture`. */
async function bundled<T>(text: string, lecture: number | undefined): Promise<T> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
    plugins: [absent(lecture)],
    define: { "import.meta.url": '"page"' },
  });
  const file = join(folder, `${count++}.mjs`);
  writeFileSync(file, outputFiles[0]!.contents);
  return (await import(pathToFileURL(file).href)) as T;
}

const cells = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .flatMap((name) => {
    const notebook = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as {
      cells: { cell_type: string; source: string[] }[];
    };
    return notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
  });
/** Forms of the language that no lecture has. */
const forms = [
  "enum Unit { Byte = 8, Bit = 1 }",
  "class A<T> { constructor(private readonly x: T) {} get y() { return this.x as T; } static z?: number; }",
  "abstract class B { declare a: number; abstract b(): void; @frozen c = 1; }",
  "namespace N { export const a = 1; }",
  "const x = <T,>(y: T): y is T => y!; for await (const z of []) x<number>(z)?.b ??= 1_000n;",
  "import type { Op } from '../lib'; import fs = require('fs');",
  "import { si, type Op as P } from '../lib'; let a: P | undefined; a satisfies P | undefined; try { si } catch {}",
  "let v = /[\\p{L}--[a]]/v; label: for (;;) break label;",
  "function f(this: Date, ...a: readonly [number, string?][]): asserts a is [] {}",
  "const <div/>;",
  "const a = <div/>;",
  "export default 1;",
];

describe("a page's bundle", () => {
  interface Bundle {
    readonly charts: typeof charts;
    readonly DrawnDocument: typeof DrawnDocument;
    readonly compileCell: typeof compileCell;
    readonly samples: typeof samples;
    readonly geoMercator: () => unknown;
    readonly schemeBlues: readonly unknown[];
  }
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundled<Bundle>(
      `export * as charts from "./lib/charts/index.js";
       export { DrawnDocument } from "./page/run/document.js";
       export { compileCell } from "./page/compile/cell.js";
       export { samples } from "./test/charts/samples.js";
       export { geoMercator } from "d3-geo";
       export { schemeBlues } from "d3-scale-chromatic";`,
      4, // whose table one of the samples draws
    );
  });

  it("draws every chart as the library does", () => {
    const [own, whole] = [new bundle.DrawnDocument(), new DrawnDocument()];
    for (const [name, sample] of Object.entries(bundle.samples))
      expect([name, bundle.charts.svgText(sample, own) === charts.svgText(samples[name]!, whole)]).toEqual([
        name,
        true,
      ]);
  });

  it("compiles every cell as the compiler does, with the same errors", () => {
    const compiled = (compile: typeof compileCell, source: string): string => {
      try {
        return compile(source, new Set(["conv", "si"])).code;
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    };
    for (const source of [...cells, ...forms])
      expect(compiled(bundle.compileCell, source)).toBe(compiled(compileCell, source));
  });

  it("refuses what it leaves out, in one line", () => {
    const line = "a page does not carry what needs it; npm run lab opens the notebook";
    expect(() => bundle.geoMercator()).toThrow(new Error(`geoMercator: ${line}`));
    expect(() => bundle.schemeBlues.length).toThrow(new Error(`schemeBlues: ${line}`));
  });
});

describe("a lecture's page", () => {
  const banks = `
    export { exercises } from "./lib/lesson/exercises/index.js";
    export { findings } from "./lib/lesson/findings/index.js";
    export { guesses } from "./lib/lesson/guesses/index.js";`;
  type Banks = Readonly<Record<"exercises" | "findings" | "guesses", Readonly<Record<string, unknown>>>>;

  it("carries the exercises, findings and guesses of its own lecture, and a notebook's own page all", async () => {
    const whole = await bundled<Banks>(banks, undefined);
    const parts = await Promise.all([1, 2, 3, 4, 5].map((lecture) => bundled<Banks>(banks, lecture)));
    for (const bank of ["exercises", "findings", "guesses"] as const) {
      const ids = parts.map((part) => Object.keys(part[bank]));
      expect(ids.flat()).toEqual(Object.keys(whole[bank]));
    }
    expect(parts.map(({ exercises }) => Object.keys(exercises).length > 3)).toEqual(parts.map(() => true));
  });
});
