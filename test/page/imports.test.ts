// A page's own code imports itself, the few packages it is bundled with, and of the library only what a lecture runs.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const page = join(import.meta.dirname, "../../page");
const files = readdirSync(page, { recursive: true, encoding: "utf8" }).filter((name) =>
  /^(?!dist\b).*\.ts$/.test(name),
);
const importsOf = (file: string): string[] =>
  [...readFileSync(join(page, file), "utf8").matchAll(/^(?:import|export)\b[^;"]*?\bfrom\s*"([^"]+)";/gms)].map(
    ([, to]) => to!,
  );
const packages =
  /^(sucrase|acorn|@codemirror\/(state|view|commands|language|autocomplete|lang-javascript)|@lezer\/highlight)$/;

it("page/ imports of the library only what a lecture runs, and nothing of Node", () => {
  expect(files.length).toBeGreaterThan(12);
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((to) => !/^\.{1,2}\/[\w/]+\.js$/.test(to) || to.includes("lib/"))
      .filter((to) => !packages.test(to) && !/^(\.\.\/)+lib\/lecturePage\.js$/.test(to))
      .map((to) => `${file} -> ${to}`),
  );
  expect(wrong).toEqual([]);
  expect(importsOf("run/modules.ts")).toContain("../../lib/lecturePage.js");
});

it("every file of page/ opens with a preface", () => {
  expect(files.filter((file) => !readFileSync(join(page, file), "utf8").startsWith("// "))).toEqual([]);
});
