import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, temporaryFolder } from "../support/hosts.js";
import { codeCells, isMeasured, joined, type Data, type Notebook, type Output } from "../support/notebook.js";
import { runsPlainly } from "../support/plainly.js";

const folder = join(root, "notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
const stored = Object.fromEntries(
  names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook]),
);

const data = (output: Output): Data => output.data ?? {};
const lines = (text: string) => text.replace(/\n$/, "").split("\n");

test("the course is five lectures", () => {
  expect(names).toEqual([
    "1-counting-flops.ipynb",
    "2-memory-bandwidth.ipynb",
    "3-roofline.ipynb",
    "4-architectures.ipynb",
    "5-memory-layout.ipynb",
  ]);
});

test("their cells are such that Prettier would not change them (npm run format)", () => {
  const { stdout, status } = spawnSync(process.execPath, [join(root, "scripts", "format-notebooks.mjs"), "--check"], {
    encoding: "utf8",
  });
  expect([stdout.split("\n").filter((line) => /^\d-/.test(line)), status]).toEqual([[], 0]);
});

describe.each(names)("%s as it is stored", (name) => {
  const notebook = stored[name]!;
  const cells = codeCells(notebook);
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const markdown = notebook.cells.filter((cell) => cell.cell_type === "markdown").map((cell) => joined(cell.source));

  test("names the kernel tslab, whose language is TypeScript", () => {
    expect(notebook.metadata.kernelspec).toEqual({ name: "tslab", display_name: "TypeScript", language: "typescript" });
    expect(notebook.metadata.language_info?.name).toBe("typescript");
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
  });

  test("has cell ids that are all different", () => {
    const ids = notebook.cells.map((cell) => cell.id);
    expect(ids.every((id) => typeof id === "string" && id.length > 0)).toBe(true);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test("has one title, and headings that go down one step at a time", () => {
    const levels = markdown.flatMap((text) =>
      [...text.replace(/```[\s\S]*?```/g, "").matchAll(/^(#+) /gm)].map((found) => found[1]!.length),
    );
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels[0]).toBe(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  test("has at most 25 lines in a code cell, the one that imports apart", () => {
    const long = cells.map((cell) => joined(cell.source)).filter((source) => lines(source).length > 25);
    const imports = (source: string) => /^(import [^;]*;\s*)+$/.test(source);
    expect(
      long.filter((source) => !imports(source)).map((source) => `${lines(source).length}: ${lines(source)[0]}`),
    ).toEqual([]);
  });

  test("times nothing in a cell, where a loop is many times slower", () => {
    expect(
      cells
        .map((cell) => joined(cell.source))
        .filter((source) => /performance\.(now|mark)|hrtime|Date\.now|console\.time/.test(source)),
    ).toEqual([]);
  });

  test("holds no path of a machine and no other's address in its outputs", () => {
    const text = JSON.stringify(notebook);
    expect(text.match(/(?:\/(?:home|root|work|tmp|Users)\/|[A-Z]:\\\\)[^"\\]*/g)).toBeNull();
  });

  test("was stored with the outputs of one run from the top", () => {
    expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, i) => i + 1));
  });

  test("holds no error and nothing on stderr", () => {
    expect(outputs.filter((output) => output.output_type === "error" || output.name === "stderr")).toEqual([]);
  });

  test("shows at least three pictures, each with a text that says what they show", () => {
    const pictures = outputs.filter((output) => data(output)["image/svg+xml"]);
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const picture of pictures) {
      const svg = joined(data(picture)["image/svg+xml"]);
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).toMatch(/<title>[^<]{10,}<\/title>/);
      expect(svg.match(/<(path|circle|rect|line)\b/g)!.length).toBeGreaterThan(3);
      expect(joined(data(picture)["text/plain"]).length).toBeGreaterThan(20);
    }
  });

  test("gives each output of markup a plain text beside it", () => {
    for (const output of outputs.filter((o) => data(o)["text/html"]))
      expect(joined(data(output)["text/plain"]).length).toBeGreaterThan(0);
  });

  test("loads nothing from the network", () => {
    const markup = outputs.flatMap((output) => [
      joined(data(output)["text/html"]),
      joined(data(output)["image/svg+xml"]),
    ]);
    for (const text of markup)
      expect(
        text.match(
          new RegExp(
            /(?:src|href|srcset|data|action)\s*=\s*["']?(?:https?:)?\/\/[^"'\s>]*/.source +
              /|url\(["']?(?:https?:)?\/\/|@import|fetch\(|XMLHttpRequest|import\s*\(/.source,
            "g",
          ),
        ),
      ).toBeNull();
    expect(
      markdown.join("\n").match(/!\[[^\]]*\]\((?:https?:)?\/\/[^)]*\)|<(?:img|script|iframe|link)\b[^>]*>/g),
    ).toBeNull();
  });

  test("has a cell that is `measured` only where it says on which machine", () => {
    for (const cell of cells.filter(isMeasured)) expect((cell.outputs ?? []).length).toBeGreaterThan(0);
  });
});

// All five are run so by npm run test:long.
runsPlainly(names.slice(0, 1));

// tslab has its own, older compiler, without `strict`; the run above shows what that one says.
test("the cells compile with the project's own TypeScript too, under tslab's options", () => {
  const temporary = temporaryFolder();
  const library = join(root, "lib", "dist", "index.js");
  for (const name of names)
    writeFileSync(
      join(temporary, `${name}.ts`),
      codeCells(stored[name]!)
        .map((cell) => joined(cell.source))
        .join("\n;\n")
        .replaceAll('from "../lib"', `from ${JSON.stringify(library)}`),
    );
  const options = {
    strict: false,
    noEmit: true,
    target: "ES2022",
    lib: ["ES2022"],
    module: "esnext",
    moduleResolution: "bundler",
    moduleDetection: "force",
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  };
  writeFileSync(join(temporary, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", temporary],
    { encoding: "utf8", cwd: temporary },
  );
  expect(stdout.trim().split("\n").filter(Boolean)).toEqual([]);
});
