// Rows as a table: HTML for a page, aligned text for a console. The text of every cell is text, whatever it holds.
import { record, shown } from "../check.js";
import { grouped, significant } from "../units.js";
import { escapeHtml, printable } from "./escape.js";

/** A table in two forms; `show` shows it. */
export interface Table {
  /** Tells it from a chart and from an explorable. */
  readonly kind: "table";
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Text of each cell, row by row. */
  readonly rows: readonly (readonly string[])[];
  /** Whether each column aligns right. */
  readonly alignRight: readonly boolean[];
  /** Above the table; absent when it has none. */
  readonly title?: string;
  /** For a page. */
  readonly html: string;
  /** For a console: aligned, one line a row. */
  readonly text: string;
}

/** How rows are set as a table. */
export interface TableOptions {
  /** Above the table; default none. */
  title?: string;
  /** Which columns, and in what order; default every key of the rows. */
  columns?: readonly string[];
  /** Sides of columns that should not follow their content; default none. */
  align?: Readonly<Record<string, "left" | "right">>;
  /** Significant digits of fractions; default 4. */
  digits?: number;
}

export const isTable = (x: unknown): x is Table => typeof x === "object" && x !== null && (x as Table).kind === "table";

/**
 * A table of `records` (a missing value is an empty cell). Integers are grouped, fractions cut to `digits`; columns of
 * numbers align right. Throws a TypeError unless the rows are records, a RangeError for an unknown column.
 */
export function tableOf(
  records: readonly object[],
  { title, columns, align = {}, digits = 4 }: TableOptions = {},
): Table {
  if (!Array.isArray(records))
    throw new TypeError(`table: rows must be a list of records or a Model, got ${shown(records)}`);
  records.forEach((r, i) => record("table", `row ${i}`, r));
  const known = [...new Set(records.flatMap((r) => Object.keys(r as object)))];
  const names = columns ?? known;
  for (const name of [...names, ...Object.keys(align)])
    if (!known.includes(name) && records.length)
      throw new RangeError(`table: columns must be among ${known.join(", ")}, got ${shown(name)}`);
  const values = records.map((r) =>
    names.map((n) => (n in Object.prototype && !Object.hasOwn(r, n) ? undefined : (r as Record<string, unknown>)[n])),
  );
  const cells = values.map((row) => row.map((v) => cell(v, digits)));
  const alignRight = names.map(
    (n, i) =>
      (align[n] ??
        (values.length > 0 &&
        values.every(
          (row) =>
            row[i] === undefined ||
            typeof row[i] === "number" ||
            typeof row[i] === "bigint" ||
            /^[-−≈]?[\d.,]+( ?\S{1,7})?$/.test(String(row[i])),
        )
          ? "right"
          : "left")) === "right",
  );
  return {
    kind: "table",
    columns: names,
    rows: cells,
    alignRight,
    ...(title ? { title } : {}),
    html: html(names, cells, alignRight, title),
    text: text(names, cells, alignRight, title),
  };
}

function cell(value: unknown, digits: number): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "bigint") return value.toLocaleString("en-US");
  if (Number.isNaN(value)) return "—";
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Number.isInteger(value)) return grouped(value);
    const size = Math.abs(value);
    return size >= 1e15 || size < 1e-4 ? value.toExponential(digits - 1) : significant(value, digits);
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : shown(value);
}

// Inline styles survive JupyterLab's sanitizer in an untrusted notebook; borders of half-transparent grey read on light
// and dark.
const border = "border-bottom:1px solid rgba(128,128,128,.35)";
const pad = "padding:.25em .8em";

function html(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
  title?: string,
): string {
  const align = (i: number) => (right[i] ? "text-align:right;white-space:nowrap" : "text-align:left");
  const headCell = (c: string, i: number): string =>
    `<th style="${align(i)};${pad};${border};font-weight:600">${escapeHtml(c)}</th>`;
  const cell = (c: string, i: number): string =>
    `<td style="${align(i)};${pad};${border};font-variant-numeric:tabular-nums">${escapeHtml(c)}</td>`;
  const head = columns.map(headCell).join("");
  const body = rows.map((r) => `<tr>${r.map(cell).join("")}</tr>`).join("\n");
  const captionStyle = `text-align:left;font-weight:600;${pad}`;
  const caption = title ? `<caption style="${captionStyle}">${escapeHtml(title)}</caption>` : "";
  return [
    `<table style="border-collapse:collapse;margin:.5em 0">${caption}`,
    `<thead><tr>${head}</tr></thead>`,
    "<tbody>",
    body,
    "</tbody></table>",
  ].join("\n");
}

function text(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
  title?: string,
): string {
  const clean = [columns, ...rows].map((r) => r.map(printable));
  const widths = columns.map((_, i) => Math.max(...clean.map((r) => [...r[i]!].length)));
  const line = (r: readonly string[]) =>
    r
      .map((c, i) =>
        right[i] ? " ".repeat(widths[i]! - [...c].length) + c : c + " ".repeat(widths[i]! - [...c].length),
      )
      .join("  ")
      .trimEnd();
  return [
    ...(title ? [printable(title)] : []),
    line(clean[0]!),
    widths.map((w) => "─".repeat(w)).join("  "),
    ...clean.slice(1).map(line),
  ].join("\n");
}
