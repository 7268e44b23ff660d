// A report as elements of the page. All of it is text but the pictures, which are read as SVG, where no script runs.
import { inPage } from "../view/inPage.js";
import { element } from "./element.js";
import type { Grid, Printed, Report, Section } from "./messages.js";

/** The report's elements, to stand in place of those of the report before. */
export function resultsOf({ title, about, sections, printed }: Report): HTMLElement[] {
  const head = element("header", {}, element("h2", {}, title));
  if (about) head.append(element("p", { class: "about" }, about));
  return [head, ...sections.map(sectionOf), onCommandLine(printed)];
}

function sectionOf({ heading, error, facts, notes, grids, picture }: Section): HTMLElement {
  const section = element("section", {}, element("h3", {}, heading));
  if (error !== undefined) section.append(element("p", { class: "refused" }, error));
  if (facts.length > 0)
    section.append(
      element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    );
  if (picture !== undefined) section.append(element("figure", { class: "chart" }, drawn(picture)));
  section.append(...grids.map((grid) => tableOf(grid, heading)));
  section.append(...notes.map((note) => element("p", { class: "note" }, note)));
  return section;
}

function drawn(svg: string): Node {
  const read = new DOMParser().parseFromString(inPage(svg), "image/svg+xml");
  return document.importNode(read.documentElement, true);
}

function tableOf({ title, columns, rows, alignRight }: Grid, heading: string): HTMLElement {
  const side = (i: number): { class?: string } => (alignRight[i] ? { class: "number" } : {});
  const table = element(
    "table",
    {},
    ...(title === undefined ? [] : [element("caption", {}, title)]),
    element(
      "thead",
      {},
      element("tr", {}, ...columns.map((text, i) => element("th", { scope: "col", ...side(i) }, text))),
    ),
    element(
      "tbody",
      {},
      ...rows.map((row) => element("tr", {}, ...row.map((text, i) => element("td", side(i), text)))),
    ),
  );
  // What can be pushed sideways must be reached by the keyboard.
  return element(
    "div",
    { class: "wide", tabindex: 0, role: "group", "aria-label": title ?? `${heading}: table` },
    table,
  );
}

function onCommandLine(printed: readonly Printed[]): HTMLElement {
  const each = printed.map(({ line, text }) =>
    element(
      "details",
      {},
      element("summary", {}, element("code", {}, line)),
      element("pre", { tabindex: 0, role: "group", "aria-label": "What it prints" }, text),
    ),
  );
  return element("section", { class: "printed" }, element("h3", {}, "The same on the command line"), ...each);
}
