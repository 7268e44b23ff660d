// Rules that go by an option or the run mode of an op. Figures: the tools themselves, each run alone on torch 2.15.0's
// CPU (fvcore 0.1.5.post20221221, thop 0.1.1.post2209072238, ptflops 0.7.5, torchinfo 1.8.0, DeepSpeed 0.19.8, calflops
// 0.3.2).
import { describe, expect, it } from "vitest";
import {
  backward,
  conv1d,
  conv2d,
  convTranspose2d,
  countAs,
  geluTanh,
  gru,
  lstm,
  type Op,
  type ToolName,
} from "../../lib/index.js";

const plane = { inChannels: 6, outChannels: 9, height: 20, width: 21, kernelSize: 4, bias: true } as const;
const depthwise = convTranspose2d({
  ...{ inChannels: 32, outChannels: 32, height: 14, width: 14, kernelSize: 3, stride: 2, groups: 32, bias: true },
});
const grouped = convTranspose2d({
  ...{ batch: 2, inChannels: 8, outChannels: 12, height: 7, width: 9, kernelSize: 3, stride: 2, padding: 1 },
  ...{ outputPadding: 1, groups: 4, bias: true },
});
const two = {
  batch: 3,
  tokens: 7,
  inputSize: 20,
  hiddenSize: 24,
  numLayers: 2,
  bias: true,
  bidirectional: true,
} as const;
const alone = { tokens: 100, inputSize: 64, hiddenSize: 64, bias: true } as const;
const projected = lstm({ ...two, projSize: 5 });

describe("countAs(tool, op) by option and run mode", () => {
  it.each<[string, Op, Partial<Record<ToolName, number | readonly [number, number]>>]>([
    [
      'padding "same"',
      conv2d({ ...plane, padding: "same" }),
      { torch: 725760, fvcore: 0, thop: 362880, "ptflops-pytorch": 366660, "ptflops-aten": 366660 },
    ],
    [
      'padding "same" of an even kernel',
      conv2d({ ...plane, padding: "same" }),
      { torchinfo: 366660, deepspeed: [660060, 328320], calflops: [660060, 328320] },
    ],
    [
      'padding "same" with dilation',
      conv1d({
        batch: 2,
        inChannels: 4,
        outChannels: 8,
        length: 30,
        kernelSize: 4,
        dilation: 3,
        bias: true,
        padding: "same",
      }),
      { fvcore: 0, deepspeed: [15312, 7424] },
    ],
    ["a depthwise transposed convolution", depthwise, { torch: 112896, fvcore: 56448, deepspeed: [139808, 56448] }],
    ["a grouped transposed convolution", grouped, { torch: 54432, thop: 108864, deepspeed: [60480, 27216] }],
    ["GELU by tanh", geluTanh({ shape: [1, 8, 7, 7] }), { torch: 0, "ptflops-pytorch": 784, "ptflops-aten": 0 }],
    ["an LSTM", lstm(alone), { torch: 0, fvcore: 0, thop: 3379200, "ptflops-aten": 0, torchinfo: 3328000 }],
    ["an LSTM of two layers and directions", lstm(two), { torch: 0, thop: 499968, "ptflops-aten": 0 }],
    [
      "a projected LSTM",
      projected,
      { torch: 342720, fvcore: 0, thop: 499968, "ptflops-aten": 62496, torchinfo: 187488 },
    ],
    ["a GRU", gru(two), { torch: 701568, thop: 376992, "ptflops-aten": 120960, torchinfo: 362880 }],
  ])("for %s", (_, op, printed) => {
    for (const [tool, figure] of Object.entries(printed)) {
      const { value, macs } = countAs(tool, op);
      expect([tool, ...(typeof figure === "number" ? [value] : [value, macs])]).toEqual([tool, figure].flat());
    }
  });

  it("torch 2.15 multiplies the weight gradient of a grouped convolution by its groups, transposed or not", () => {
    const forwardAndWeights = (op: Op): number =>
      [op, ...backward(op, { inputGradient: false })].reduce((n, each) => n + countAs("torch", each).value!, 0);
    const shape = {
      batch: 2,
      inChannels: 8,
      outChannels: 12,
      height: 7,
      width: 9,
      kernelSize: 3,
      groups: 4,
      padding: 1,
    };
    expect([depthwise, grouped, conv2d(shape)].map(forwardAndWeights)).toEqual([3725568, 272160, 272160]);
  });

  it.each([
    [gru(two), 2063232],
    [projected, 1016640],
  ])("torch counts no gradient of the state before the first step: %#", (op, printed) => {
    const step = [op, ...backward(op)].reduce((n, each) => n + countAs("torch", each).value!, 0);
    expect(step).toBe(printed);
    expect(step).toBeLessThan(6 * op.macs);
  });
});
