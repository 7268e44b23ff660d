// The form of a lecture: short cells, more prose than code, no figure in the prose that a run could contradict.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeCells, isMeasured, joined, type Cell, type Notebook } from "../support/notebook.js";

const folder = join(import.meta.dirname, "../../notebooks");
const lectures = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

const linesOf = (cell: Cell): string[] =>
  joined(cell.source)
    .split("\n")
    .filter((line) => line.trim() !== "");
const isImport = (cell: Cell): boolean => linesOf(cell)[0]?.startsWith("import ") ?? false;

/** Prose without code, formulas, addresses, and what is quoted with its source. */
const prose = (cell: Cell): string =>
  joined(cell.source)
    .replace(/```[\s\S]*?```|`[^`]*`|\$[^$]*\$/g, " ")
    .replace(/^\|.*$/gm, " ");

/** A paragraph with a link has its source. */
const unsourced = (cell: Cell): string[] =>
  prose(cell)
    .split(/\n\s*\n/)
    .filter((paragraph) => !/\]\(http/.test(paragraph));

/** Names that hold digits and are no figures: H100, fp32, L2, 3×3, part 4, dates of sources. */
const figures = (text: string): string[] =>
  text
    .replace(/\]\([^)]*\)|[A-Za-zµ-]+[-‑]?\d[\w.-]*|\b(19|20)\d\d\b|\d+\s*[×x]\s*\d+(\s*[×x]\s*\d+)*/g, " ")
    .match(/(?<![\w.])\d[\d,]*(\.\d+)?/g) ?? [];

/** Sections by their headings, as lists of cells. */
function sections(cells: readonly Cell[]): Cell[][] {
  const found: Cell[][] = [];
  for (const cell of cells) {
    const begins = cell.cell_type === "markdown" && /^#{2,3} /m.test(joined(cell.source));
    if (begins || found.length === 0) found.push([]);
    found.at(-1)!.push(cell);
  }
  return found;
}

describe.each(lectures)("%s", (name) => {
  const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
  const code = cells.filter((cell) => cell.cell_type === "code");
  const markdown = cells.filter((cell) => cell.cell_type === "markdown");
  const all = code.map((cell) => joined(cell.source)).join("\n");

  it("has cells of at most twelve lines, at most six at the median", () => {
    const lengths = code.filter((cell) => !isImport(cell)).map((cell) => linesOf(cell).length);
    const long = code.filter((cell) => linesOf(cell).length > 12).map((cell) => linesOf(cell)[0]);
    expect(long).toEqual([]);
    expect(lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(6);
  });

  it("shows pictures, tables and sentences, and no value of many lines", () => {
    const dumps = code
      .flatMap((cell) => cell.outputs ?? [])
      .filter(({ data }) => data?.["text/html"] === undefined && data?.["image/svg+xml"] === undefined)
      .map(({ text, data }) => joined(text) + joined(data?.["text/plain"]))
      .filter((text) => text.split("\n").length > 25);
    expect(dumps).toEqual([]);
  });

  it("names every column of its tables", () => {
    const markup = code.flatMap((cell) => cell.outputs ?? []).map(({ data }) => joined(data?.["text/html"]));
    expect(markup.filter((html) => /<th\b[^>]*><\/th>/.test(html))).toEqual([]);
  });

  it("has eight words of prose for each line of code", () => {
    const words = markdown.flatMap((cell) => joined(cell.source).split(/\s+/).filter(Boolean)).length;
    const lines = code.flatMap(linesOf).length;
    expect(words / lines).toBeGreaterThanOrEqual(8);
  });

  it("says no figure beside a measurement", () => {
    const beside = sections(cells).filter((section) => section.some(isMeasured));
    const said = beside.flatMap((section) =>
      section
        .filter((cell) => cell.cell_type === "markdown" && cell.metadata.slideshow?.slide_type !== "notes")
        .flatMap((cell) => unsourced(cell).filter((paragraph) => figures(paragraph).length > 0)),
    );
    expect(said).toEqual([]);
  });

  it("says no figure of three digits that no cell computes or prints", () => {
    const printed = codeCells({ cells } as Notebook)
      .flatMap((cell) => cell.outputs ?? [])
      .map((output) => joined(output.text) + joined(output.data?.["text/plain"]) + joined(output.data?.["text/html"]))
      .join("\n");
    const known = new Set(
      (all + printed)
        .replaceAll(/(?<=\d)[,_](?=\d)/g, "")
        .match(/\d+(\.\d+)?/g)
        ?.map(Number),
    );
    const said = markdown
      .filter((cell) => cell.metadata.slideshow?.slide_type !== "notes")
      .flatMap((cell) => unsourced(cell).flatMap(figures));
    const bare = said.map((each) => each.replaceAll(",", "")).filter((each) => each.replace(".", "").length >= 3);
    expect(bare.filter((each) => !known.has(Number(each)))).toEqual([]);
  });

  it("asks for guesses before it answers, and for eight answers of three kinds", () => {
    const ids = (call: string): string[] =>
      [...all.matchAll(new RegExp(`\\b${call}\\("([^"]+)"`, "g"))].map((found) => found[1]!);
    expect(ids("guess").length).toBeGreaterThanOrEqual(3);
    expect([...ids("reveal")].sort()).toEqual([...ids("guess")].sort());
    for (const id of ids("guess")) expect(all.indexOf(`guess("${id}"`)).toBeLessThan(all.indexOf(`reveal("${id}"`));
    expect(new Set(ids("check")).size).toBeGreaterThanOrEqual(8);
    for (const id of ids("check")) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it("has a slide type for each cell, notes for a teacher, and terms that are defined", () => {
    expect(cells.filter((cell) => !cell.metadata.slideshow?.slide_type).length).toBe(0);
    expect(cells.filter((cell) => cell.metadata.slideshow?.slide_type === "notes").length).toBeGreaterThanOrEqual(3);
    expect(
      markdown
        .map((cell) => joined(cell.source))
        .join("\n")
        .match(/\*\*\*[^*]+\*\*\*/g)?.length ?? 0,
    ).toBeGreaterThan(5);
  });

  it("says how long it takes, and what it needs", () => {
    expect(joined(cells[0]!.source)).toMatch(/\d+ (to|–|-) ?\d* ?minutes|\d+ minutes/);
    expect(joined(cells[0]!.source)).toMatch(/need/i);
  });
});
