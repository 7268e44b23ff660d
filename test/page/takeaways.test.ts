// Every section of a lecture ends on what it comes to, in the form that an exported page makes a box of.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { joined, type Notebook } from "../support/notebook.js";

const folder = join(import.meta.dirname, "../../notebooks");
/** Sections that state, ask or sum up, and come to nothing of their own. */
const without = [
  "The lecture as it was given",
  "Explore",
  "Exercises",
  "Claims of this lecture",
  "The course in five sentences",
];

it.each(readdirSync(folder).filter((name) => name.endsWith(".ipynb")))("%s: one takeaway a section", (name) => {
  const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
  const text = cells.map(({ cell_type, source }) => (cell_type === "markdown" ? joined(source) : "")).join("\n\n");
  const sections = text.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(4);
  const counts = sections.map((section) => [
    section.split("\n")[0]!,
    section.match(/^> \*\*Takeaway\.\*\* \S/gm)?.length ?? 0,
  ]);
  expect(counts).toEqual(counts.map(([title]) => [title, without.includes(String(title)) ? 0 : 1]));
});
