// Every peak of the device table has a derivation that does not start from it, or a doubt that says why it has none.
import { describe, expect, it } from "vitest";
import { devices } from "../../lib/index.js";
import type { Derived, Peak } from "./derivation.js";
import { peaks } from "./peaks.js";

const figures = Object.values(devices).flatMap((d) =>
  Object.entries(d.peakFlops).map(([dtype, peak]) => [d.id, dtype, peak] as const),
);
const of = (id: string, dtype: string): Peak | undefined => peaks[id]?.[dtype as "fp32"];
const isDerived = (peak: Peak): peak is Derived => "clock" in peak;

/** What a figure may be off by: one step of the last digit that it is printed to, and never more than 1 %. */
function tolerance(peak: number, step = lastDigit(peak)): number {
  return Math.min(step, 0.01 * peak);
}

/** The value of the last digit of a figure that is not 0: 0.1e12 of 15.7e12. */
function lastDigit(value: number): number {
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return 10 ** (Number(exponent) - (digits.split(".")[1]?.length ?? 0));
}

it.each([
  [15.7e12, 0.1e12],
  [2500e12, 100e12],
  [989e12, 1e12],
  [0.1536e12, 0.0001e12],
])("the last digit of %d stands for %d", (value, step) => expect(lastDigit(value) / step).toBeCloseTo(1, 9));

describe.each(figures)("device(%j).peakFlops.%s", (id, dtype, peak) => {
  it("is clock x units x FLOP per clock, or carries a doubt", () => {
    const known = of(id, dtype);
    expect(known, `${id} ${dtype}: no derivation and no doubt in peaks.ts`).toBeDefined();
    if (!isDerived(known!)) return expect(known!.doubt).toMatch(/^[A-Z0-9].{30,}\.$/);
    const { clock, units, flopPerClock, source, step } = known;
    const derived = clock * units * flopPerClock;
    expect(source.length).toBeGreaterThan(20);
    expect(Math.abs(derived - peak), `${derived / 1e12} against ${peak / 1e12}`).toBeLessThanOrEqual(
      tolerance(peak, step),
    );
  });
});

it("peaks.ts derives no peak that the table does not have", () => {
  const beyond = Object.entries(peaks).flatMap(([id, rates]) =>
    Object.keys(rates)
      .filter((dtype) => devices[id]?.peakFlops[dtype as "fp32"] === undefined)
      .map((dtype) => `${id} ${dtype}`),
  );
  expect(beyond).toEqual([]);
});
