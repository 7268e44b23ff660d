// A page's own code imports itself, the few packages it is bundled with, and of the library only what a lecture runs;
// explore.html, which reads files, what a page has; what measures is a program of its own.
import { readFileSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { expect, it } from "vitest";

const page = join(import.meta.dirname, "../../page");
const files = readdirSync(page, { recursive: true, encoding: "utf8" }).filter((name) =>
  /^(?!dist\b).*\.ts$/.test(name),
);
const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(page, file), "utf8").matchAll(
      /^(?:import|export)\b(?! type (?:\*|\{)[^;]*lib\/measuring)[^;"]*?\bfrom\s*"([^"]+)";/gms,
    ),
  ].map(([, to]) => to!);
const packages =
  /^(sucrase|acorn|@codemirror\/(state|view|commands|language|autocomplete|lang-javascript)|@lezer\/highlight)$/;

const entryOf = (file: string): RegExp =>
  file.startsWith("explore/") ? /^\.\.\/\.\.\/lib\/browser\.js$/ : /^(\.\.\/)+lib\/lecturePage\.js$/;
/** Programs that measure, which other code of a page only names the types of. */
const measuring = (file: string): boolean => /^(measure\/worker|measuring)\.ts$/.test(file);

it("page/ imports of the library only what a lecture runs, and nothing of Node", () => {
  expect(files.length).toBeGreaterThan(12);
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((to) => !/^\.{1,2}\/[\w/]+\.js$/.test(to) || to.includes("lib/"))
      .filter((to) => !packages.test(to) && !entryOf(file).test(to))
      .filter((to) => !(measuring(file) && /^(\.\.\/)+lib\/measuring\.js$/.test(to)))
      .map((to) => `${file} -> ${to}`),
  );
  expect(wrong).toEqual([]);
  expect(files.filter(measuring).sort()).toEqual(["measure/worker.ts", "measuring.ts"]);
  expect(importsOf("run/modules.ts")).toContain("../../lib/lecturePage.js");
  expect(importsOf("explore/answer.ts")).toContain("../../lib/browser.js");
});

it("what stands in explore.html unpacked imports of the library types alone", () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(page, file), "utf8").replace(/^import type [^;]*;$/gm, "");
    expect([file, /lib\/\w+\.js/.exec(text)?.[0]]).toEqual([file, undefined]);
    for (const [, to] of text.matchAll(/ from "(\.[^"]+)\.js"/g))
      visit(`${join(file, "..", to!).split(sep).join("/")}.ts`);
  };
  visit("explore.ts");
  expect(reached.size).toBeGreaterThan(8);
});

it("every file of page/ opens with a preface", () => {
  expect(files.filter((file) => !readFileSync(join(page, file), "utf8").startsWith("// "))).toEqual([]);
});
