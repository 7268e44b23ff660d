import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Tensor } from "../../lib/tensor/index.js";
import { isContiguous, isDense, isNonOverlapping } from "../../lib/tensor/view.js";

describe("the mirrored lecture's tensor (32, 768, 512)", () => {
  const x = Tensor.zeros([32, 768, 512]);
  const view = x.transpose(1, 2);
  const copy = view.contiguous();
  it("has the strides, shapes and bytes that PyTorch prints", () => {
    expect([x.strides, x.isContiguous(), x.nbytes / 1024]).toEqual([[393216, 512, 1], true, 49152]);
    expect([view.shape, view.strides, view.isContiguous(), view.nbytes / 1024]).toEqual([
      [32, 512, 768],
      [393216, 1, 512],
      false,
      49152,
    ]);
    expect([copy.shape, copy.strides, copy.isContiguous()]).toEqual([[32, 512, 768], [393216, 768, 1], true]);
    expect(String(view)).toBe("Tensor(shape [32, 512, 768], strides [393216, 1, 512], offset 0, fp32)");
  });
  it(
    "shares its buffer with the view, not with the copy, and " +
      "contiguous() is the same object when nothing is to do",
    () => {
      // Compared here, not by expect: a matcher would print twelve million numbers.
      expect([
        view.buffer === x.buffer,
        copy.buffer === x.buffer,
        x.contiguous() === x,
        view.contiguous() === view,
      ]).toEqual([true, false, true, false]);
      expect([isDense(view.view), isDense(x.view)]).toEqual([true, true]);
    },
  );
});

/** The naive model: a shape and, for each index in order, the value there. */
interface Naive {
  readonly shape: readonly number[];
  readonly at: (index: readonly number[]) => number;
}
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (lists, n) => lists.flatMap((list) => Array.from({ length: n }, (_, i) => [...list, i])),
    [[]],
  );
}
const listed = (n: Naive): number[] => indices(n.shape).map(n.at);
const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

type Step = (t: Tensor, n: Naive) => [Tensor, Naive];
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat()).map(([p, q]): Step => (t, n) => {
    if (n.shape.length === 0) return [t, n];
    const a = p % n.shape.length;
    const b = q % n.shape.length;
    const swap = <T>(list: readonly T[]) => list.map((v, i) => list[i === a ? b : i === b ? a : i]!);
    return [t.transpose(a, b - n.shape.length), { shape: swap(n.shape), at: (i) => n.at(swap(i)) }];
  }),
  fc
    .tuple(
      fc.nat(),
      fc.option(fc.integer({ min: -6, max: 6 })),
      fc.option(fc.integer({ min: -6, max: 6 })),
      fc.constantFrom(-3, -2, -1, 1, 2, 3),
    )
    .map(([p, start, end, by]): Step => (t, n) => {
      if (n.shape.length === 0) return [t, n];
      const d = p % n.shape.length;
      const kept = pythonSlice(n.shape[d]!, start, end, by);
      return [
        t.slice(d, start ?? undefined, end ?? undefined, by),
        {
          shape: n.shape.map((s, i) => (i === d ? kept.length : s)),
          at: (i) => n.at(i.map((v, k) => (k === d ? kept[v]! : v))),
        },
      ];
    }),
  fc.integer({ min: 1, max: 3 }).map((lead): Step => (t, n) => {
    if (product(n.shape) > 100) return [t, n];
    const shape = [lead, ...n.shape.map((s) => (s === 1 ? 2 : s))];
    return [t.broadcastTo(shape), { shape, at: (i) => n.at(i.slice(1).map((v, k) => (n.shape[k] === 1 ? 0 : v))) }];
  }),
  fc.nat().map((seed): Step => (t, n) => {
    const total = product(n.shape);
    const divisor = [6, 5, 4, 3, 2, 1].find((d) => total % d === 0 && (seed + d) % 2 === 0) ?? 1;
    const shape = total === 0 ? [0, 3] : [total / divisor, divisor];
    const all = listed(n);
    return [t.reshape(shape), { shape, at: ([i, j]) => all[i! * shape[1]! + j!]! }];
  }),
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .map(([p, size, by]): Step => (t, n) => {
      if (n.shape.length === 0 || product(n.shape) > 100) return [t, n];
      const d = p % n.shape.length;
      if (n.shape[d]! < size) return [t, n];
      const count = Array.from({ length: n.shape[d]! }, (_, i) => i * by).filter((i) => i + size <= n.shape[d]!).length;
      return [
        t.slidingWindow(d, size, by),
        {
          shape: [...n.shape.map((s, i) => (i === d ? count : s)), size],
          at: (i) => n.at(i.slice(0, -1).map((v, k) => (k === d ? v * by + i.at(-1)! : v))),
        },
      ];
    }),
);

/**
 * Python's range(n)[start:end:by], by its definition in the language reference: walk from the clamped start while on
 * the right side of the clamped end.
 */
function pythonSlice(n: number, start: number | null, end: number | null, by: number): number[] {
  const wrap = (v: number) => (v < 0 ? v + n : v);
  const out: number[] = [];
  if (by > 0)
    for (let i = Math.max(0, wrap(start ?? 0)); i < Math.min(n, end === null ? n : wrap(end)); i += by) out.push(i);
  else
    for (
      let i = Math.min(n - 1, start === null ? n - 1 : wrap(start));
      i > (end === null ? -1 : Math.max(-1, wrap(end)));
      i += by
    )
      out.push(i);
  return out;
}

it("any chain of views and reshapes equals a list of indices", () => {
  let views = 0;
  let copies = 0;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      fc.array(step, { maxLength: 5 }),
      (shape, steps) => {
        const start = Tensor.arange(product(shape)).reshape(shape);
        const values = [...start.buffer];
        let t = start;
        let n: Naive = { shape, at: (index) => values[index.reduce((a, i, d) => a * shape[d]! + i, 0)]! };
        for (const s of steps) [t, n] = s(t, n);
        const want = listed(n);
        expect(t.shape).toEqual(n.shape);
        expect(t.toArray()).toEqual(want);
        for (const [k, i] of indices(n.shape).entries()) expect(t.at(...i)).toBe(want[k]);
        const c = t.contiguous();
        expect(c.toArray()).toEqual(want);
        expect(c.isContiguous()).toBe(true);
        expect(c === t).toBe(isContiguous(t.view));
        expect(t.sum()).toBe(want.reduce((a, b) => a + b, 0));
        // The address list itself says what overlaps, is dense, is contiguous.
        const addresses = t.addresses();
        const distinct = new Set(addresses);
        if (isNonOverlapping(t.view)) expect(distinct.size).toBe(addresses.length);
        if (isDense(t.view))
          expect(addresses.length === 0 || Math.max(...addresses) - Math.min(...addresses) + 1 === distinct.size).toBe(
            true,
          );
        expect(isContiguous(t.view)).toBe(addresses.every((a, k) => a === addresses[0]! + k));
        if (t.buffer === start.buffer) views++;
        else copies++;
      },
    ),
    { numRuns: 1500, seed: 7 },
  );
  expect(views).toBeGreaterThan(300);
  expect(copies).toBeGreaterThan(30);
});

describe("tensor.reshape(shape)", () => {
  it("is a view where strides can say it, a copy where they cannot", () => {
    const x = Tensor.arange(24).reshape([2, 3, 4]);
    expect(x.reshape([6, 4]).buffer).toBe(x.buffer);
    expect(x.reshape([-1]).shape).toEqual([24]);
    expect(x.slice(2, 0, 2).reshape([6, 2]).buffer).toBe(x.buffer);
    expect(x.transpose(0, 1).reshape([6, 4]).buffer).not.toBe(x.buffer);
    expect(x.transpose(1, 2).reshape([2, 2, 2, 3]).buffer).toBe(x.buffer);
    expect(x.transpose(1, 2).reshape([2, 12]).buffer).not.toBe(x.buffer);
  });
  it.each([[[5, 5]], [[-1, -1]], [[-1, 7]], [[2.5, 10]], [[-2, -12]]])("refuses %j for 24 elements", (shape) => {
    expect(() => Tensor.arange(24).reshape(shape)).toThrow(/^reshape: shape must hold 24 elements, got \[/);
  });
});

describe("tensor.isContiguous()", () => {
  it("ignores strides of size 1 and of nothing, as PyTorch does", () => {
    expect(Tensor.zeros([4, 1, 3]).transpose(0, 1).isContiguous()).toBe(true);
    expect(Tensor.zeros([1, 3]).transpose(0, 1).isContiguous()).toBe(true);
    expect(Tensor.zeros([0, 3]).transpose(0, 1).isContiguous()).toBe(true);
    expect(Tensor.zeros([2, 3]).transpose(0, 1).isContiguous()).toBe(false);
    expect(Tensor.zeros([3]).broadcastTo([2, 3]).isContiguous()).toBe(false);
    expect(Tensor.zeros([3]).broadcastTo([1, 3]).isContiguous()).toBe(true);
  });
});

describe("tensor.set, sum, elementSize", () => {
  it("writes through every view of one buffer", () => {
    const x = Tensor.zeros([2, 3]);
    const t = x.transpose(0, 1);
    t.set([2, 1], 7);
    expect([x.at(1, 2), x.toArray()]).toEqual([7, [0, 0, 0, 0, 0, 7]]);
    expect(x.slice(1, undefined, undefined, -1).toArray()).toEqual([0, 0, 0, 7, 0, 0]);
  });
  it("sums along a dimension", () => {
    const x = Tensor.arange(6).reshape([2, 3]);
    expect([
      x.sum(),
      x.sum(0).toArray(),
      x.sum(1).toArray(),
      x.sum(-1).toArray(),
      x.transpose(0, 1).sum(0).toArray(),
    ]).toEqual([15, [3, 5, 7], [3, 12], [3, 12], [3, 12]]);
  });
  it("knows the width of its elements", () => {
    expect((["fp64", "fp32", "int16", "uint8"] as const).map((dtype) => Tensor.zeros([3], { dtype }).nbytes)).toEqual([
      24, 12, 6, 3,
    ]);
  });
});

it.each([
  [() => Tensor.zeros([-1]), "Tensor: shape must be a list of non-negative integers, got [-1]"],
  [() => Tensor.zeros([2.5]), "Tensor: shape must be a list of non-negative integers, got [2.5]"],
  [() => Tensor.zeros("ab" as never), 'Tensor: shape must be a list of non-negative integers, got "ab"'],
  [
    () => Tensor.zeros([2], { dtype: "bf16" }),
    'Tensor: dtype must be one of fp64, fp32, int32, int16, int8, uint8, got "bf16"',
  ],
  [() => Tensor.from([1, 2, 3], [2, 2]), "Tensor: shape must hold 3 elements, got [2,2]"],
  [() => Tensor.zeros([2, 3]).transpose(0, 2), "transpose: dimension must be from -2 to 1, got 2"],
  [() => Tensor.zeros([2, 3]).permute([0, 0]), "permute: order must name each of 2 dimensions once, got [0,0]"],
  [() => Tensor.zeros([2, 3]).slice(0, 0, 2, 0), "slice: step must not be 0, got 0"],
  [() => Tensor.zeros([2, 3]).slice(0, 0.5), "slice: start must be an integer, got 0.5"],
  [
    () => Tensor.zeros([2, 3]).broadcastTo([3, 3]),
    "broadcastTo: shape must agree with [2,3] where that is not 1, got [3,3]",
  ],
  [() => Tensor.zeros([2, 3]).broadcastTo([3]), "broadcastTo: shape must have at least 2 dimensions, got [3]"],
  [() => Tensor.zeros([2, 3]).at(0), "at: index must have 2 numbers, got [0]"],
  [() => Tensor.zeros([2, 3]).at(0, 3), "at: index of dimension 1 must be from 0 to 2, got 3"],
  [() => Tensor.zeros([2, 3]).slidingWindow(1, 4), "slidingWindow: size must be from 1 to 3, got 4"],
])("%s says what must hold", (act, message) => expect(act).toThrow(new RangeError(message)));
