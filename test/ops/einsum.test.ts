import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, add, attention, cost, einsum, linear, matmul, mul } from "../../lib/index.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { Counter, forEachIndex, matmulLoop, Traced } from "./oracle.js";

/**
 * A two-operand einsum, executed: sums out what only one operand has, then one multiply-add for every combination of
 * the indices left.
 */
function einsumLoop(
  a: string,
  b: string,
  output: string,
  sizes: Record<string, number>,
): { macs: number; sums: number; products: number } {
  const c = new Counter();
  const shape = (s: string) => [...s].map((i) => sizes[i]!);
  const kept = (own: string, other: string) => {
    const keep = [...own].filter((i) => other.includes(i) || output.includes(i)).join("");
    if (shape(keep).reduce((n, d) => n * d, 1) !== shape(own).reduce((n, d) => n * d, 1))
      forEachIndex(shape(own), () => c.add(0, 1));
    return keep;
  };
  const left = kept(a, b);
  const right = kept(b, left);
  const all = [...new Set(left + right)].join("");
  const summed = [...all].some((i) => !output.includes(i));
  const products = new Counter();
  forEachIndex(shape(all), () => (summed ? c.mac(0, 1, 1) : products.mul(1, 1)));
  return { macs: c.macs, sums: c.flops, products: products.flops };
}

describe("matmul", () => {
  it("matmul({batch, m, n, k}) does what the loop does, and touches what it touches", () => {
    fc.assert(
      fc.property(size(3), size(6), size(6), size(6), (batch, m, n, k) => {
        const c = new Counter();
        const a = new Traced([m, k]);
        const b = new Traced([k, n]);
        const op = matmul({ batch, m, n, k });
        let y = new Traced([m, n]);
        for (let i = 0; i < batch; i++) y = matmulLoop(c, a, b);
        expect(op.macs).toBe(c.macs);
        expect([...op.inputs, ...op.outputs].map(movedElements)).toEqual(
          [a, b].map((t) => batch * t.read.size).concat(batch * y.written.size),
        );
      }),
      runs,
    );
  });

  it("matmul(shape).backward() is the two transposed products", () => {
    const [da, db] = backward(matmul({ batch: 2, m: 3, n: 5, k: 7 }));
    for (const [own, other] of [
      [da!, matmul({ batch: 2, m: 3, n: 7, k: 5 })],
      [db!, matmul({ batch: 2, m: 7, n: 5, k: 3 })],
    ] as const)
      expect([own.macs, cost(own).bytesRead, cost(own).bytesWritten, own.outputs[0]!.shape]).toEqual([
        other.macs,
        cost(other).bytesRead,
        cost(other).bytesWritten,
        other.outputs[0]!.shape,
      ]);
    expect(backward(matmul({ m: 1, n: 1, k: 1 }), { inputGradient: false })).toEqual([]);
  });
});

describe("einsum", () => {
  it("einsum(equation, sizes | shapes, options) is einsum({ equation, sizes })", () => {
    const equation = "bthd,bshd->bhts";
    const sizes = { b: 2, t: 5, h: 3, d: 4, s: 7 };
    const shapes = [
      [2, 5, 3, 4],
      [2, 7, 3, 4],
    ];
    // Two functions are never equal.
    const plain = einsum({ equation, sizes, dtype: "bf16" });
    for (const op of [
      einsum(equation, sizes, { dtype: "bf16" }),
      einsum(equation, shapes, { dtype: "bf16" }),
      einsum({ equation, shapes, dtype: "bf16" }),
    ])
      expect(op).toEqual(plain);
  });

  it("einsum of two operands does what its loop does", () => {
    const letters = fc.uniqueArray(fc.constantFrom(..."abcd"), { maxLength: 3 }).map((l) => l.join(""));
    fc.assert(
      fc.property(
        letters,
        letters,
        fc.nat(15),
        fc.record({ a: size(3), b: size(3), c: size(3), d: size(3) }),
        (a, b, mask, all) => {
          const used = [...new Set(a + b)];
          const output = used.filter((_, i) => mask & (1 << i)).join("");
          const sizes = Object.fromEntries(used.map((i) => [i, all[i as "a"]]));
          const op = einsum({ equation: `${a},${b}->${output}`, sizes });
          const loop = einsumLoop(a, b, output, sizes);
          expect([op.macs, op.extras["sum"] ?? 0, op.extras["mul"] ?? 0]).toEqual([
            loop.macs,
            loop.sums,
            loop.products,
          ]);
        },
      ),
      { ...runs, numRuns: 300 },
    );
  });

  it("einsum is matmul, linear, attention's products and mul where it names them", () => {
    const sizes = { b: 2, i: 3, j: 5, k: 7 };
    expect(cost(einsum({ equation: "bik,bkj->bij", sizes }))).toEqual(cost(matmul({ batch: 2, m: 3, n: 5, k: 7 })));
    expect(einsum({ equation: "tk,ok->to", sizes: { t: 4, k: 6, o: 5 } }).macs).toBe(
      linear({ tokens: 4, inFeatures: 6, outFeatures: 5 }).macs,
    );
    const heads = { b: 2, h: 3, q: 4, k: 5, d: 6 };
    expect(
      einsum({ equation: "bhqd,bhkd->bhqk", sizes: heads }).macs +
        einsum({ equation: "bhqk,bhkd->bhqd", sizes: heads }).macs,
    ).toBe(attention({ batch: 2, tokens: 4, context: 5, heads: 3, headDim: 6 }).macs);
    expect(cost(einsum({ equation: "ij,ij->ij", sizes: { i: 3, j: 5 } }))).toEqual(cost(mul({ shape: [3, 5] })));
    expect(add({ shape: [3, 5] }).macs).toBe(0);
  });

  it("einsum without a contraction has 0 macs: transposition, sum, outer product, diagonal, trace", () => {
    const sizes = { i: 3, j: 5 };
    expect(einsum({ equation: "ij->ji", sizes })).toMatchObject({ macs: 0, extras: {} });
    expect(einsum({ equation: "ij->i", sizes })).toMatchObject({ macs: 0, extras: { sum: 15 } });
    expect(einsum({ equation: "i,j->ij", sizes })).toMatchObject({ macs: 0, extras: { mul: 15 } });
    const diagonal = einsum({ equation: "ii->i", sizes: { i: 3 } });
    expect([diagonal.macs, diagonal.inputs[0]!.shape, movedElements(diagonal.inputs[0]!)]).toEqual([0, [3, 3], 3]);
    expect(einsum({ equation: "ii", sizes: { i: 3 } })).toMatchObject({ macs: 0, extras: { sum: 3 } });
  });

  it("einsum without an arrow keeps the indices that appear once, in order", () => {
    expect(einsum({ equation: "kj, ik", sizes: { i: 3, j: 5, k: 7 } }).attributes).toMatchObject({
      equation: "kj,ik->ij",
    });
    expect(einsum({ equation: "kj,ik", sizes: { i: 3, j: 5, k: 7 } }).outputs[0]!.shape).toEqual([3, 5]);
  });

  it("einsum of three operands goes in pairs from left to right", () => {
    expect(einsum({ equation: "ij,jk,kl->il", sizes: { i: 2, j: 3, k: 5, l: 7 } }).macs).toBe(2 * 3 * 5 + 2 * 5 * 7);
    expect(einsum({ equation: "kl,jk,ij->il", sizes: { i: 2, j: 3, k: 5, l: 7 } }).macs).toBe(7 * 5 * 3 + 7 * 3 * 2);
  });

  it("einsum(shape).backward() is one einsum for each operand, as matmul's", () => {
    const own = backward(einsum({ equation: "bik,bkj->bij", sizes: { b: 2, i: 3, j: 5, k: 7 } }));
    const other = backward(matmul({ batch: 2, m: 3, n: 5, k: 7 }));
    expect(own.map((op) => [op.macs, cost(op).bytesRead, cost(op).bytesWritten])).toEqual(
      other.map((op) => [op.macs, cost(op).bytesRead, cost(op).bytesWritten]),
    );
    expect(backward(einsum({ equation: "ij->i", sizes: { i: 2, j: 3 } }))[0]!.macs).toBe(0);
  });

  it.each([
    [
      "...ij,...jk->...ik",
      [
        [2, 7, 3, 4],
        [2, 7, 4, 5],
      ],
      "abij,abjk->abik",
    ],
    [
      "...ij,jk->...ik",
      [
        [2, 7, 3, 4],
        [4, 5],
      ],
      "abij,jk->abik",
    ],
    [
      "...ij, ...jk",
      [
        [7, 3, 4],
        [7, 4, 5],
      ],
      "aij,ajk->aik",
    ],
    ["i...->...", [[3, 4, 5]], "iab->ab"],
    ["...,...", [[2, 3], [3]], "ab,b->ab"],
  ])("einsum(%s) is %s with letters for its ellipsis", (equation, shapes, spelled) => {
    const op = einsum({ equation, shapes });
    const other = einsum({ equation: spelled, shapes });
    expect({ ...op, attributes: undefined }).toEqual({ ...other, attributes: undefined });
    expect(backward(op).map(cost)).toEqual(backward(other).map(cost));
  });

  it("einsum refuses what it cannot read, in one line", () => {
    const sizes = { i: 2, j: 3 };
    expect(() => einsum({ equation: "i...,j->ij", sizes })).toThrow(
      "einsum: shapes must be given for an equation with an ellipsis, got undefined",
    );
    expect(() => einsum({ equation: "...ijk,j->...ik", shapes: [[2, 3], [3]] })).toThrow(
      'einsum: shapes[0] must have a size for each index of "...ijk", got 2',
    );
    expect(() =>
      einsum({
        equation: "...i,...i->...",
        shapes: [
          [2, 3],
          [4, 3],
        ],
      }),
    ).toThrow("einsum: size of z must be 2 in every operand, got 4");
    expect(() => einsum({ equation: "ij,jk->ik", sizes })).toThrow(
      "einsum: size of k must be a positive integer, got undefined",
    );
    expect(() => einsum({ equation: "ij->ji", sizes: { ...sizes, z: 1 } })).toThrow(
      'einsum: sizes must name indices of "ij->ji", got "z"',
    );
    expect(() => einsum({ equation: "ij->k", sizes })).toThrow(
      'einsum: output must have only indices of the operands, got "k"',
    );
    expect(() => einsum({ equation: "ij->ii", sizes })).toThrow('einsum: output must have each index once, got "ii"');
    expect(() => einsum({ equation: 5 as never, sizes })).toThrow(TypeError);
  });
});
