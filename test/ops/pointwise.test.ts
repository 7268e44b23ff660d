import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, add, cost, div, embedding, mul, sub, type Op } from "../../lib/index.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { Counter, indices, Traced } from "./oracle.js";

/** Two tensors combined with NumPy's broadcasting, by index arithmetic. */
function broadcastLoop(a: Traced, b: Traced): { flops: number; out: number[] } {
  const c = new Counter();
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = (t: Traced) => [...new Array<number>(rank - t.shape.length).fill(1), ...t.shape];
  const pa = padded(a);
  const pb = padded(b);
  const out = pa.map((n, d) => (n === 1 ? pb[d]! : n));
  const own = (index: readonly number[], p: readonly number[], t: Traced) =>
    t.get(...index.map((i, d) => (p[d] === 1 ? 0 : i)).slice(rank - t.shape.length));
  for (const index of indices(out)) c.add(own(index, pa, a), own(index, pb, b));
  return { flops: c.flops, out };
}

describe("add, sub, mul, div", () => {
  it("add(shape) does what the broadcasting loop does, and reads what it reads", () => {
    fc.assert(
      fc.property(
        fc.array(size(4), { minLength: 1, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.nat(3),
        fc.boolean(),
        (shape, squeeze, drop, swap) => {
          const other = shape.map((n, d) => (squeeze[d] ? 1 : n)).slice(Math.min(drop, shape.length - 1));
          const [first, second] = swap ? [other, shape] : [shape, other];
          const a = new Traced(first);
          const b = new Traced(second);
          const loop = broadcastLoop(a, b);
          const op = add({ shape: first, other: second });
          expect([op.extras["add"], op.outputs[0]!.shape]).toEqual([loop.flops, loop.out]);
          expect(op.inputs.map(movedElements)).toEqual([a.read.size, b.read.size]);
        },
      ),
      runs,
    );
  });

  it("a sum passes its gradient on, a product multiplies it, and a broadcast operand sums it", () => {
    const flops = (op: Op) => backward(op).map((g) => Object.values(g.extras)[0]);
    expect(flops(add({ shape: [2, 3] }))).toEqual([]);
    expect(flops(add({ shape: [2, 3], other: [3] }))).toEqual([6]);
    expect(flops(sub({ shape: [2, 3], other: [3] }))).toEqual([6]);
    expect(flops(mul({ shape: [2, 3] }))).toEqual([6, 6]);
    expect(flops(mul({ shape: [2, 3], other: [3] }))).toEqual([6, 12]);
    expect(flops(div({ shape: [2, 3] }))).toEqual([6, 12]);
    expect(mul({ shape: [2, 3] }).macs).toBe(0);
  });

  it("add with a parameter counts it as a weight and always makes its gradient", () => {
    const op = add({ shape: [2, 5, 3], other: [5, 3], parameter: true });
    expect(cost(op)).toMatchObject({ params: 15, weightBytes: 60, inputBytes: 120 });
    expect(backward(op, { inputGradient: false }).map((g) => g.outputs[0]!.shape)).toEqual([[5, 3]]);
  });

  it("shapes that do not broadcast are refused", () => {
    expect(() => add({ shape: [2, 3], other: [2] })).toThrow("add: other must broadcast against shape [2,3], got [2]");
  });
});

describe("embedding", () => {
  it("embedding(shape) reads the rows that the loop reads and does no arithmetic; the table is parameters", () => {
    fc.assert(
      fc.property(size(8), size(9), size(5), (tokens, numEmbeddings, embeddingDim) => {
        const table = new Traced([numEmbeddings, embeddingDim]);
        const y = new Traced([tokens, embeddingDim], 0);
        // As distinct as the table allows.
        for (let t = 0; t < tokens; t++)
          for (let d = 0; d < embeddingDim; d++) y.set([t, d], table.get(t % numEmbeddings, d));
        const op = embedding({ tokens, numEmbeddings, embeddingDim });
        expect([op.weights[0]!, op.outputs[0]!].map(movedElements)).toEqual([table.read.size, y.written.size]);
        expect(cost(op)).toMatchObject({ flops: 0, params: numEmbeddings * embeddingDim });
      }),
      runs,
    );
  });

  it("embedding 30522 x 768 over 512 tokens moves 512 rows, not the table", () => {
    const c = cost(embedding({ tokens: 512, numEmbeddings: 30522, embeddingDim: 768, dtype: "bf16" }));
    expect([c.params, c.bytesRead, c.bytesWritten]).toEqual([23_440_896, 512 * 768 * 2 + 512 * 8, 512 * 768 * 2]);
  });

  it("embedding(shape).backward() adds dy to the rows", () => {
    const [g] = backward(embedding({ tokens: 4, numEmbeddings: 10, embeddingDim: 3 }), { inputGradient: false });
    expect([g!.extras, g!.outputs[0]!.shape, movedElements(g!.outputs[0]!)]).toEqual([{ embedding: 12 }, [10, 3], 12]);
  });
});
