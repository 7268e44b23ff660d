// Layers counted by torch 1.13.1's dispatcher and seven other counters, measured once and carried over; what each
// convention differs in is said beside it.
import { describe, expect, it } from "vitest";
import {
  adaptiveAvgPool,
  attention,
  batchNorm,
  conv2d,
  convTranspose2d,
  cost,
  embedding,
  gelu,
  layerNorm,
  linear,
  maxPool,
  relu,
  softmax,
  totalCost,
  type Op,
} from "../../lib/index.js";

const bias = (op: Op): number => op.extras["bias"] ?? 0;
const sum = (op: Op): number => Object.values(op.extras).reduce((a, b) => a + b, 0);

describe("layers through other counters", () => {
  // macs: FlopCounterMode's formulas at 1 MAC = 1; withBias: torchinfo's and ptflops' mult-adds; deepSpeed: DeepSpeed's
  // FLOPs.
  it.each<[string, Op, { macs: number; withBias?: number; deepSpeed?: number }]>([
    [
      "Linear(768, 3072) of 1",
      linear({ inFeatures: 768, outFeatures: 3072, bias: true }),
      { macs: 2_359_296, withBias: 2_362_368, deepSpeed: 4_718_592 },
    ],
    [
      "Linear(768, 3072) of 8",
      linear({ tokens: 8, inFeatures: 768, outFeatures: 3072, bias: true }),
      { macs: 18_874_368, withBias: 18_898_944, deepSpeed: 37_748_736 },
    ],
    [
      "Linear of (1, 512, 768)",
      linear({ tokens: 512, inFeatures: 768, outFeatures: 3072, bias: true }),
      { macs: 1_207_959_552, withBias: 1_209_532_416, deepSpeed: 2_415_919_104 },
    ],
    [
      "Conv 64 > 128 k3 p0 on 224",
      conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, bias: true }),
      { macs: 3_633_610_752, withBias: 3_639_919_104 },
    ],
    [
      "Conv 64 > 128 k3 p1 on 224",
      conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, padding: 1, bias: true }),
      { macs: 3_699_376_128, withBias: 3_705_798_656 },
    ],
    [
      "ConvT 64 > 32 k4 s2 p1 on 28",
      convTranspose2d({
        inChannels: 64,
        outChannels: 32,
        height: 28,
        width: 28,
        kernelSize: 4,
        stride: 2,
        padding: 1,
        bias: true,
      }),
      { macs: 25_690_112, withBias: 25_790_464 },
    ],
  ])("%s", (_name, op, { macs, withBias, deepSpeed }) => {
    expect(op.macs).toBe(macs);
    if (withBias !== undefined) expect(op.macs + bias(op)).toBe(withBias);
    if (deepSpeed !== undefined) expect(2 * op.macs).toBe(deepSpeed); // it leaves a linear layer's bias out
  });

  it(
    "convolutions with their bias as DeepSpeed prints them: 7,273,529,856 " +
      "and 7,405,174,784, and 51,386,496 for the transposed one",
    () => {
      const flops = (op: Op) => cost(op).flops;
      expect(
        flops(conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, bias: true })),
      ).toBe(7_273_529_856);
      expect(
        flops(
          conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3, padding: 1, bias: true }),
        ),
      ).toBe(7_405_174_784);
      // Its bias is that of 14 x 14 outputs, which the same window would give as a convolution; the layer has 56 x 56.
      const transposed = convTranspose2d({
        inChannels: 64,
        outChannels: 32,
        height: 28,
        width: 28,
        kernelSize: 4,
        stride: 2,
        padding: 1,
        bias: true,
      });
      expect(2 * transposed.macs + 32 * 14 * 14).toBe(51_386_496);
    },
  );

  it("thop and torchinfo count a transposed convolution at output positions: stride² times ours", () => {
    expect(
      4 *
        convTranspose2d({
          inChannels: 64,
          outChannels: 32,
          height: 28,
          width: 28,
          kernelSize: 4,
          stride: 2,
          padding: 1,
        }).macs,
    ).toBe(102_760_448);
  });

  it("MultiheadAttention d768 h12 s512 is 1,610,612,736 macs: four projections and the core", () => {
    const projection = cost(linear({ tokens: 512, inFeatures: 768, outFeatures: 768 }));
    expect(
      totalCost([
        projection,
        projection,
        projection,
        cost(attention({ tokens: 512, heads: 12, headDim: 64 })),
        projection,
      ]).macs,
    ).toBe(1_610_612_736);
  });

  it("BatchNorm2d(64) on 56 at inference: 401,408 as fvcore, DeepSpeed and ptflops", () => {
    expect(sum(batchNorm({ numFeatures: 64, height: 56, width: 56 }))).toBe(401_408);
  });

  it("LayerNorm(768) of 512: 8 an element; fvcore and DeepSpeed print 5, thop 4, ptflops 1", () => {
    expect([8 / 5, 8 / 4, 8].map((r) => sum(layerNorm({ tokens: 512, normalizedShape: 768 })) / r)).toEqual([
      1_966_080, 1_572_864, 393_216,
    ]);
  });

  it("Softmax (12, 512, 512): 5 an element; ptflops and DeepSpeed print 1", () => {
    expect(sum(softmax({ shape: [12, 512, 512] })) / 5).toBe(3_145_728);
  });

  it("GELU of 512 x 3072 and ReLU of 64 x 56²: ours itemised, DeepSpeed's 1 an element", () => {
    expect(sum(gelu({ shape: [1, 512, 3072] })) / 5).toBe(1_572_864);
    expect(sum(relu({ shape: [1, 64, 56, 56] }))).toBe(200_704);
  });

  it("MaxPool k3 s2 p1 on 112: 9 an output; DeepSpeed counts inputs", () => {
    const op = maxPool({ channels: 64, height: 112, width: 112, kernelSize: 3, stride: 2, padding: 1 });
    expect(sum(op)).toBe(9 * 200_704);
    expect(op.inputs[0]!.shape.reduce((a, b) => a * b)).toBe(802_816);
  });

  it("AdaptiveAvgPool of 2048 x 7²: 100,352 as fvcore and DeepSpeed", () => {
    expect(sum(adaptiveAvgPool({ channels: 2048, height: 7, width: 7 }))).toBe(100_352);
  });

  it("Embedding 30522 x 768 of 512 tokens: 0 FLOPs; torchinfo prints the table's 23,440,896", () => {
    const c = cost(embedding({ tokens: 512, numEmbeddings: 30522, embeddingDim: 768 }));
    expect([c.flops, c.params]).toEqual([0, 23_440_896]);
  });

  it("the mirrored lecture's three examples: 4,718,592, 7,267,221,504 and 3,221,225,472 FLOPs", () => {
    expect(cost(linear({ inFeatures: 768, outFeatures: 3072 })).flops).toBe(4_718_592);
    expect(2 * conv2d({ inChannels: 64, outChannels: 128, height: 224, width: 224, kernelSize: 3 }).macs).toBe(
      7_267_221_504,
    );
    expect(
      2 *
        (4 * linear({ tokens: 512, inFeatures: 768, outFeatures: 768 }).macs +
          attention({ tokens: 512, heads: 12, headDim: 64 }).macs),
    ).toBe(3_221_225_472);
  });
});
