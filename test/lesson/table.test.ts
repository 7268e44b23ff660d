import { JSDOM } from "jsdom";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../lib/lesson/index.js";
import { isTable } from "../../lib/text/table.js";
import { modelCost } from "../../lib/model.js";
import { model } from "../../lib/models/index.js";
import { grouped } from "../../lib/units.js";

const dom = new JSDOM("");
/** What a browser makes of the HTML: the text of each cell. */
const cells = (html: string): string[][] => {
  dom.window.document.body.innerHTML = html;
  return [...dom.window.document.querySelectorAll("tr")].map((tr) => [...tr.children].map((c) => c.textContent ?? ""));
};

describe("table(rows) formats cells", () => {
  it("groups integers, cuts fractions to four digits, keeps text, spells booleans", () => {
    const t = table([
      {
        macs: 4_089_184_256,
        intensity: 295.2238805970149,
        tiny: 1.4e-6,
        name: "a",
        yes: true,
        big: 123n,
        other: { k: 1 },
      },
    ]);
    expect(t.rows).toEqual([["4,089,184,256", "295.2", "1.400e-6", "a", "yes", "123", '{"k":1}']]);
    expect(table([{ x: Math.PI }], { digits: 2 }).rows).toEqual([["3.1"]]);
    expect(table([{ x: 0 }, { x: -0.5 }, { x: NaN }, { x: Infinity }]).rows.flat()).toEqual(["0", "-0.5000", "—", "∞"]);
  });
  it("leaves a missing, undefined or null cell empty, and takes no inherited property for one", () => {
    const t = table([
      { a: 1, toString: "x" },
      { b: undefined, a: null },
    ]);
    expect(t.columns).toEqual(["a", "toString", "b"]);
    expect(t.rows).toEqual([
      ["1", "x", ""],
      ["", "", ""],
    ]);
  });
  it("shows the columns asked for, in that order", () => {
    expect(table([{ a: 1, b: 2, c: 3 }], { columns: ["c", "a"] }).rows).toEqual([["3", "1"]]);
  });
  it("refuses a column that no row has, and aligns as told", () => {
    expect(() => table([{ a: 1, b: 2 }], { columns: ["a", "d"] })).toThrow(
      new RangeError('table: columns must be among a, b, got "d"'),
    );
    expect(() => table([{ a: 1 }], { align: { b: "left" } })).toThrow('table: columns must be among a, got "b"');
    expect(table([{ a: 1, b: "x" }], { align: { a: "left", b: "right" } }).alignRight).toEqual([false, true]);
    expect(table([], { columns: ["a"] }).columns).toEqual(["a"]);
  });
  it("aligns columns of numbers right, with units too, and text left", () => {
    const t = table([
      { n: 1, s: "1.41 µs", p: "12.5 %", name: "relu" },
      { n: undefined, s: "3.35 TB/s", p: "", name: "3 things in one" },
    ]);
    expect(t.alignRight).toEqual([true, true, false, false]);
    expect(t.html).toContain("text-align:right");
    const [head, rule, first, second] = t.text.split("\n") as [string, string, string, string];
    expect(head).toBe("n          s  p       name");
    expect(rule).toBe("─  ─────────  ──────  ───────────────");
    expect(first).toBe("1    1.41 µs  12.5 %  relu");
    expect(second).toBe("   3.35 TB/s          3 things in one");
  });
  it("refuses what is no list, and a row that is no record, in one line", () => {
    expect(() => table("abc" as never)).toThrow('table: rows must be a list of records or a Model, got "abc"');
    expect(() => table([{ a: 1 }, null] as never)).toThrow("table: row 1 must be an object, got null");
    expect(() => table([3] as never)).toThrow("table: row 0 must be an object, got 3");
    expect(table([]).rows).toEqual([]);
  });
});

describe("table(rows) keeps text as text", () => {
  const hostile = "<script>alert(1)</script>";
  it("in HTML: cells, column names and title hold no element of their own", () => {
    const t = table([{ name: hostile, [hostile]: `"&'` }], { title: hostile });
    dom.window.document.body.innerHTML = t.html;
    expect(dom.window.document.querySelectorAll("script").length).toBe(0);
    expect(dom.window.document.querySelector("caption")!.textContent).toBe(hostile);
    expect(cells(t.html)).toEqual([
      ["name", hostile],
      [hostile, `"&'`],
    ]);
  });
  it("in a console: a line break, an escape sequence and a right-to-left override are spelt out", () => {
    const { text } = table([{ name: "a\nb\u001b[31mc\u202ed", n: 1 }]);
    expect(text.split("\n")).toHaveLength(3);
    expect(text).toContain("a b\\u001b[31mc\\u202ed");
  });
  it("any strings come back from the HTML as they went in", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.string(), b: fc.string() }), { minLength: 1, maxLength: 4 }), (rows) => {
        const clean = (s: string) => s.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd");
        const parsed = cells(table(rows).html).slice(1);
        expect(parsed).toEqual(rows.map((r) => [clean(r.a), clean(r.b)]));
      }),
      { numRuns: 100 },
    );
  });
  it("all lines of the text are as wide as its rule, for any strings", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.string(), b: fc.integer() }), { minLength: 1, maxLength: 4 }), (rows) => {
        const lines = table(rows).text.split("\n");
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual([...lines[1]!].length);
      }),
      { numRuns: 100 },
    );
  });
});

describe("table(model)", () => {
  it.each(["resnet50", "vit_b_16", "bert-base-uncased", "googlenet"])(
    "of %s sums to modelCost at every depth",
    (name) => {
      const m = model(name);
      const total = modelCost(m);
      for (const depth of [1, 2, 3]) {
        const t = table(m, { depth });
        const parts = t.rows.slice(0, -1);
        const last = t.rows.at(-1)!;
        expect(t.columns).toEqual(["path", "params", "macs", "flops", "bytes moved", "share of macs"]);
        expect(last[0]).toBe(`total of ${m.name}`);
        const number = (cell: string) => Number(cell.replaceAll(",", "") || 0);
        const sum = (i: number) => parts.reduce((s, r) => s + number(r[i]!), 0);
        expect([1, 2, 3].map((i) => last[i])).toEqual([total.params, total.macs, total.flops].map(grouped));
        expect(sum(1)).toBe(total.params);
        expect(sum(2)).toBe(total.macs);
        expect(sum(3)).toBe(total.flops);
      }
      expect(table(m, { depth: 2 }).rows.length).toBeGreaterThan(table(m, { depth: 1 }).rows.length - 1);
    },
  );
  it("isTable tells a table from a record that looks like one", () => {
    expect(isTable(table([{ a: 1 }]))).toBe(true);
    expect(isTable({ rows: [] })).toBe(false);
    expect(isTable(null)).toBe(false);
  });
});
