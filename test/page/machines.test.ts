// The lectures' findings on other machines: every lecture is replayed as each recorded machine would show it, and each
// finding about a measurement is put on results that are disturbed at random. None may contradict its own figures.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { generator } from "../../lib/comparing/random.js";
import type { Finding } from "../../lib/lesson/finding.js";
import { joined, codeCells, type Notebook } from "../support/notebook.js";
import { lecture, textOf } from "./cells.js";
import { contradictions } from "./contradictions.js";

const folder = join(import.meta.dirname, "../../notebooks");
const records = join(import.meta.dirname, "../../lib/lesson/records");
const names = readdirSync(folder).filter((name) => /^[235]-.*\.ipynb$/.test(name));
const machines = readdirSync(records);

interface Said {
  readonly id: string;
  readonly result: Readonly<Record<string, unknown>>;
}
const said = vi.hoisted(() => [] as Said[]);

vi.mock("../../lib/lesson/finding.js", async (original) => {
  const real = await original<typeof import("../../lib/lesson/finding.js")>();
  return {
    ...real,
    finding(id: string, result: object) {
      said.push({ id, result: result as Said["result"] });
      real.finding(id, result);
    },
  };
});
const { findings } = await import("../../lib/lesson/findings/index.js");
const { findingText } = await import("../../lib/lesson/finding.js");

/** A size that was chosen is a small integer or whole kibibytes; anything else was measured. */
const isMeasured = (value: number): boolean => !Number.isInteger(value) || (value > 1e7 && value % 1024 !== 0);

/** What not every machine gives. */
const optional = ["latency", "native", "predictedKnee"];

/** `result` with each measured figure between half and twice what it was, and now and then without an optional one. */
function disturbed<Value>(value: Value, random: () => number): Value {
  if (typeof value === "number" && isMeasured(value)) return (value * 2 ** (2 * random() - 1)) as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => disturbed(each, random)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => typeof each !== "number" || !optional.includes(key) || random() > 0.1)
      .map(([key, each]) => [key, disturbed(each, random)]),
  ) as Value;
}

const without = (record: object, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

async function replayed(name: string, machine: string): Promise<{ texts: string[]; results: Said[] }> {
  said.length = 0;
  const { run } = lecture({ first: machine, own: true });
  const cells = codeCells(JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook);
  const texts: string[] = [];
  for (const [i, cell] of cells.entries()) {
    const { ok, outputs } = await run(i, joined(cell.source));
    expect([i, ok ? "" : textOf(outputs)]).toEqual([i, ""]);
    texts.push(...textOf(outputs).split("\n"));
  }
  return { texts: texts.filter((text) => /^(Finding|Answer)\. /.test(text)), results: [...said] };
}

describe.each(names)("%s", (name) => {
  it.each(machines)("as %s shows it", { timeout: 240_000 }, async (machine) => {
    const { texts, results } = await replayed(name, machine);
    expect(texts.flatMap((text) => contradictions(text).map((what) => `${what} in: ${text}`))).toEqual([]);
    expect(results.length).toBeGreaterThan(5);
    const random = generator(20_261_128);
    const wrong = new Set<string>();
    for (const { id, result } of results.filter(({ result }) => "origin" in result))
      for (let i = 0; i < 300; i++) {
        const figures = without(result, ["origin", "recorded", "beside"]);
        const beside = { machine: "a recorded machine", date: "2026-11-28", result: figures };
        const other = { ...disturbed(figures, random), origin: "a machine", beside };
        const text = findingText(findings[id] as Finding<object>, other);
        for (const what of contradictions(text)) wrong.add(`${id}: ${what} in: ${text}`);
      }
    expect([...wrong].slice(0, 5)).toEqual([]);
  });
});

describe("contradictions(sentence)", () => {
  it("finds figures that stand the other way", () => {
    expect(contradictions("It falls from 3 ns to 5 ns.")).toHaveLength(1);
    expect(contradictions("It rises from 3 GB/s to 900 MB/s.")).toHaveLength(1);
    expect(contradictions("It takes 1.3 ms, less than 900 µs.")).toHaveLength(1);
    expect(contradictions("It is 0.8 times slower, NaN.")).toHaveLength(2);
  });
  it("finds nothing in a sentence that is right", () => {
    expect(contradictions("It falls from 5 ns to 3 ns, 1.7 times faster; 900 µs is below 1.3 ms.")).toEqual([]);
  });
});
