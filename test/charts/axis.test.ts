import { describe, expect, it } from "vitest";
import { axis } from "../../lib/charts/axis.js";

describe("axis(values, { room })", () => {
  const long = { scale: "log", format: "si", unit: "FLOP/s" } as const;

  it("sets no more labels side by side on a log axis than fit, and at least two", () => {
    const { ticks, tickFormat } = axis([1.6e9, 5e11], { ...long, room: 500 });
    const list = ticks as number[];
    expect(list.length).toBeGreaterThanOrEqual(2);
    for (const [i, tick] of list.entries()) {
      if (i === 0) continue;
      const apart =
        (500 * Math.log(tick / list[i - 1]!)) /
        Math.log(axis([1.6e9, 5e11], long).domain[1] / axis([1.6e9, 5e11], long).domain[0]);
      expect(apart).toBeGreaterThan(6.5 * tickFormat(tick).length);
    }
    expect((axis([1.6e9, 5e11], { ...long, room: 10 }).ticks as number[]).length).toBeGreaterThanOrEqual(2);
  });

  it("keeps every tick where there is room, and takes no logarithm of a linear axis", () => {
    expect(axis([1, 1000], { scale: "log", room: 500 }).ticks).toEqual(axis([1, 1000], { scale: "log" }).ticks);
    expect(axis([0, 5], { room: 500 }).ticks).toBe(6);
  });

  it("asks a linear axis for fewer ticks where its labels would run into each other, and for two at least", () => {
    const time = { format: "si", unit: "s" } as const;
    expect(axis([0, 1.56e-6], { ...time, room: 200 }).ticks).toBeLessThan(4);
    expect(axis([0, 1.56e-6], { ...time, room: 10 }).ticks).toBe(2);
  });

  it("begins at 0, and not below, where nothing is negative", () => {
    expect(axis([0.48, 2.7], {}, { zero: false }).domain[0]).toBeGreaterThanOrEqual(0);
    expect(axis([0, 150], {}, { zero: false, pad: 0.02 }).domain[0]).toBe(0);
    expect(axis([-1, 5], {}, { zero: false }).domain[0]).toBeLessThan(-1);
  });
});
