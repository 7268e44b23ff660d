import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, cost, embedding, layerNorm, linear, matmul, rmsNorm, totalCost, type Op } from "../../lib/index.js";
import { movedElements } from "../../lib/op.js";
import { runs, size } from "./arbitrary.js";
import { linearLoop } from "./oracleSequence.js";

describe("linear", () => {
  it("linear({inFeatures, outFeatures}) counts the mirrored lecture's layer by hand", () => {
    const c = cost(linear({ inFeatures: 768, outFeatures: 3072 }));
    expect(c).toMatchObject({
      macs: 2_359_296,
      flops: 4_718_592,
      params: 2_359_296,
      bytesRead: 4 * (768 + 768 * 3072),
      bytesWritten: 4 * 3072,
      exact: true,
    });
    expect(linear({ inFeatures: 2, outFeatures: 3, bias: true }).extras).toEqual({ bias: 3 });
  });

  it.each<[string, (lead: object) => Op]>([
    ["linear", (lead) => linear({ ...lead, inFeatures: 4, outFeatures: 5, bias: true })],
    ["layerNorm", (lead) => layerNorm({ ...lead, normalizedShape: 4 })],
    ["rmsNorm", (lead) => rmsNorm({ ...lead, normalizedShape: 4 })],
    ["embedding", (lead) => embedding({ ...lead, numEmbeddings: 50, embeddingDim: 4 })],
  ])("%s({batch, tokens}) is one of batch · tokens rows, with both sizes in its shapes", (_name, layer) => {
    const flat = layer({ tokens: 6 });
    const both = layer({ batch: 2, tokens: 3 });
    const alone = layer({ batch: 6 });
    for (const op of [both, alone]) {
      expect(cost(op)).toEqual(cost(flat));
      expect(totalCost(backward(op).map(cost))).toEqual(totalCost(backward(flat).map(cost)));
    }
    expect([both, alone].map((op) => op.outputs[0]!.shape.slice(0, -1))).toEqual([[2, 3], [6]]);
  });

  it("linear(shape) does what the loop does, and touches what it touches", () => {
    fc.assert(
      fc.property(size(5), size(6), size(6), fc.boolean(), (tokens, inFeatures, outFeatures, bias) => {
        const op = linear({ tokens, inFeatures, outFeatures, bias });
        const loop = linearLoop(tokens, inFeatures, outFeatures, bias);
        expect(op.macs).toBe(loop.c.macs);
        expect(cost(op).flops).toBe(2 * loop.c.macs + loop.c.flops);
        expect([op.inputs[0]!, op.weights[0]!, op.outputs[0]!].map(movedElements)).toEqual([
          loop.x.read.size,
          loop.weight.read.size,
          loop.y.written.size,
        ]);
        expect(op.outputs[0]!.shape).toEqual(loop.y.shape);
      }),
      runs,
    );
  });

  it("linear(shape) is a matmul whose second operand is a parameter", () => {
    const a = cost(linear({ tokens: 5, inFeatures: 7, outFeatures: 3 }));
    const b = cost(matmul({ m: 5, k: 7, n: 3 }));
    expect([a.macs, a.bytesRead, a.bytesWritten]).toEqual([b.macs, b.bytesRead, b.bytesWritten]);
    expect([a.params, b.params]).toEqual([21, 0]);
  });

  it("linear(shape).backward() is the two transposed linear layers and the bias sum", () => {
    const [dx, dw] = backward(linear({ tokens: 5, inFeatures: 7, outFeatures: 3, bias: true })) as [
      ReturnType<typeof linear>,
      ReturnType<typeof linear>,
    ];
    const transposed = linear({ tokens: 5, inFeatures: 3, outFeatures: 7 }); // dx = dy W
    expect(cost(dx)).toMatchObject({
      macs: transposed.macs,
      bytesRead: cost(transposed).bytesRead,
      bytesWritten: cost(transposed).bytesWritten,
      params: 0,
    });
    const product = matmul({ m: 3, k: 5, n: 7 }); // dW = dyᵀ x
    expect(cost(dw)).toMatchObject({
      macs: product.macs,
      bytesRead: cost(product).bytesRead,
      bytesWritten: cost(product).bytesWritten + 3 * 4,
      extras: { bias: 15 },
    });
  });

  it("linear(shape).backward({inputGradient: false}) drops dx and keeps the weight gradient", () => {
    const ops = backward(linear({ inFeatures: 7, outFeatures: 3 }), { inputGradient: false });
    expect(ops.map((op) => op.kind)).toEqual(["linear.weightGradient"]);
  });
});
