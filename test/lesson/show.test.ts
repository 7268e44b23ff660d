import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { barChart } from "../../lib/charts/index.js";
import { expectError, explorable, progress, show, table } from "../../lib/lesson/index.js";
import { bundle } from "../../lib/lesson/show.js";
import { display, inNotebook } from "../../lib/lesson/display.js";

const { cache } = createRequire(import.meta.url);
const path = "/any/where/node_modules/tslab/dist/jupyter.js";
interface Sent {
  data: Record<string, string>;
  metadata: object;
  transient: { display_id?: string };
  update: boolean;
}
let sent: Sent[] = [];
/** A notebook listens: tslab's own module stands among the loaded ones. */
function listen(
  exports: object = {
    lastWriteDisplayData: (data: Omit<Sent, "update">, update: boolean) => void sent.push({ ...data, update }),
  },
): void {
  cache[path] = { exports } as NodeModule;
}
const log = vi.spyOn(console, "log");
const error = vi.spyOn(console, "error");
beforeEach(() => {
  sent = [];
  for (const m of [log, error]) m.mockReset().mockImplementation(() => undefined);
});
const forget = (module: string) => Reflect.deleteProperty(cache, module);
afterEach(() => {
  forget(path);
});

const chart = barChart(
  [
    { name: "a", value: 1 },
    { name: "b", value: 2 },
  ],
  { title: "Two bars" },
);
const rows = table([{ a: 1 }]);
const explored = explorable({
  title: "T",
  controls: [{ name: "n", label: "N", values: [1, 2] }],
  draw: ({ n }) => barChart([{ name: "n", value: Number(n) }], { title: `n = ${n}` }),
});

describe("bundle(x)", () => {
  it("is an SVG and a sentence for a chart, HTML and text for a table and for an explorable, text for text", () => {
    expect(Object.keys(bundle(chart))).toEqual(["image/svg+xml", "text/plain"]);
    expect(bundle(chart)["image/svg+xml"]).toMatch(/^<svg .*<\/svg>$/s);
    expect(bundle(chart)["text/plain"]).toBe(chart.description);
    expect(bundle(rows)).toEqual({ "text/html": rows.html, "text/plain": rows.text });
    expect(Object.keys(bundle(explored))).toEqual(["text/html", "text/plain"]);
    expect(bundle("words")).toEqual({ "text/plain": "words" });
  });
});

describe("show(…) and display(…)", () => {
  it("send one output each to the notebook that listens", () => {
    listen();
    show(chart, rows, explored);
    expect(sent.map((s) => Object.keys(s.data))).toEqual([
      ["image/svg+xml", "text/plain"],
      ["text/html", "text/plain"],
      ["text/html", "text/plain"],
    ]);
    expect(sent.every((s) => s.update === false && s.transient.display_id === undefined)).toBe(true);
    expect(log).not.toHaveBeenCalled();
  });
  it("print the text where no notebook listens, also when a tslab is loaded that has not begun", () => {
    for (const idle of [() => forget(path), () => listen({ lastWriteDisplayData: null })]) {
      idle();
      log.mockClear();
      expect(inNotebook()).toBe(false);
      show(chart, rows, "words");
      expect(log.mock.calls.map(([x]) => x as string)).toEqual([chart.description, rows.text, "words"]);
    }
  });
  it("find tslab on Windows too, and no module that only sounds like it", () => {
    const windows = "C:\\x\\node_modules\\tslab\\dist\\jupyter.js";
    const other = "/x/my-tslab/dist/jupyter.js";
    for (const [p, found] of [
      [windows, true],
      [other, false],
    ] as const) {
      cache[p] = { exports: { lastWriteDisplayData: () => undefined } } as unknown as NodeModule;
      expect(inNotebook()).toBe(found);
      forget(p);
    }
  });
  it("replace an output by its id; outside a notebook a replacement prints nothing", () => {
    listen();
    display({ "text/plain": "1" }, { id: "i" });
    display({ "text/plain": "2" }, { id: "i", update: true });
    expect(sent.map((s) => [s.data["text/plain"], s.transient.display_id, s.update])).toEqual([
      ["1", "i", false],
      ["2", "i", true],
    ]);
    forget(path);
    display({ "text/plain": "3" }, { id: "i", update: true });
    expect(log).not.toHaveBeenCalled();
  });
});

describe("progress(title)", () => {
  it("sends at most ten updates a second, all into one output, and the last text in any case", () => {
    listen();
    let now = 100;
    const line = progress("sweep", { now: () => now });
    for (let i = 0; i < 1000; i++) {
      line.onProgress({ fraction: i / 1000, message: `step ${i}` });
      now += 0.003;
    }
    line.onProgress({ fraction: 1, message: "all done" });
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.length).toBeLessThanOrEqual(3 * 10 + 2);
    expect(new Set(sent.map((s) => s.transient.display_id)).size).toBe(1);
    expect(sent.map((s) => s.update)).toEqual([false, ...Array<boolean>(sent.length - 1).fill(true)]);
    expect(sent[0]!.data["text/plain"]).toBe("sweep: ░░░░░░░░░░░░░░░░░░░░ step 0");
    expect(sent.at(-2)!.data["text/plain"]).toMatch(/^sweep: █{20} step 9\d\d$/);
    expect(sent.at(-1)!.data["text/plain"]).toBe("sweep: all done");
  });
  it("keeps two lines apart, and a share inside its bar", () => {
    listen();
    const a = progress("a", { now: () => 0 });
    const b = progress("b", { now: () => 0 });
    a.update("x", 7);
    b.update("y", -1);
    a.done();
    b.done("ready");
    expect(sent.map((s) => s.data["text/plain"])).toEqual([
      `a: ${"█".repeat(20)} x`,
      `b: ${"░".repeat(20)} y`,
      "a: done",
      "b: ready",
    ]);
    expect(new Set(sent.map((s) => s.transient.display_id)).size).toBe(2);
  });
  it("without a notebook prints the last text alone, to stderr", () => {
    const line = progress("quiet");
    line.update("x", 0.5);
    line.onProgress({ fraction: 1, message: "2 rows" });
    expect(log).not.toHaveBeenCalled();
    expect(error.mock.calls).toEqual([["quiet: 2 rows"]]);
  });
});

describe("expectError(action)", () => {
  it("prints the error's name and message", () => {
    expectError(() => {
      throw new RangeError("conv2d: groups must divide inChannels 64, got 5");
    });
    expect(log.mock.calls).toEqual([["RangeError: conv2d: groups must divide inChannels 64, got 5"]]);
  });
  it("throws when nothing is thrown", () => {
    expect(() => expectError(() => 1)).toThrow("expectError: action must throw, got no error");
    expect(log).not.toHaveBeenCalled();
  });
  it("prints what was thrown when it is no Error", () => {
    expectError(() => {
      throw "words";
    });
    expect(log.mock.calls).toEqual([["words"]]);
  });
});
