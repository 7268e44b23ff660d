// Layers that read between positions, and the transform: by algebra, by hand, and what they refuse.
import { describe, expect, it } from "vitest";
import { backward, conv2d, cost, countAs, deformConv2d, fft, gridSample, rnn, lstm } from "../../lib/index.js";
import { recurrentLoop } from "./oracleSequence.js";
import { thrown } from "./thrown.js";

describe("deformConv2d", () => {
  const shape = { inChannels: 4, outChannels: 6, height: 9, width: 7, kernelSize: 3, stride: 2, padding: 1 };

  it("contracts as a conv2d, and reads an offset of two numbers a tap beside it", () => {
    const op = deformConv2d({ ...shape, bias: true });
    const plain = conv2d({ ...shape, bias: true });
    expect([op.macs, op.weights, op.outputs]).toEqual([plain.macs, plain.weights, plain.outputs]);
    expect(op.inputs[1]!.shape).toEqual([1, 18, 5, 4]);
    expect(op.extras).toEqual({ bias: 6 * 20, interpolate: 7 * 4 * 9 * 20 });
  });

  it("backward: the macs of dx and dW, and the samples' gradients", () => {
    const ops = backward(deformConv2d({ ...shape, mask: true }));
    const samples = 4 * 9 * 20;
    expect(ops.map(({ macs, extras }) => [macs, extras])).toEqual([
      [6 * samples, { interpolate: 36 * samples }],
      [6 * samples, { interpolate: 8 * samples }],
    ]);
    expect(ops[0]!.outputs.map((t) => t.shape)).toEqual([
      [1, 4, 9, 7],
      [1, 18, 5, 4],
      [1, 9, 5, 4],
    ]);
  });

  it("is nothing to PyTorch's own counter, an operator of torchvision", () => {
    expect(countAs("torch", deformConv2d(shape)).value).toBe(0);
  });

  it("refuses groups of offsets that do not divide its channels", () => {
    const error = thrown(() => deformConv2d({ ...shape, offsetGroups: 3 }));
    expect(error.message).toBe("deformConv2d: offsetGroups must divide inChannels 4, got 3");
  });
});

describe("gridSample", () => {
  const plane = { channels: 3, height: 5, width: 7, size: 4 };
  it.each([
    ["nearest", 0],
    ["bilinear", 7],
    ["bicubic", 31],
  ] as const)("%s: %d FLOPs an element", (mode, flops) => {
    expect(cost(gridSample({ ...plane, mode })).flops).toBe(flops * 3 * 16);
  });

  it("of a volume: eight positions an element, and a grid of three numbers", () => {
    const op = gridSample({ channels: 2, depth: 4, height: 5, width: 6, size: [1, 2, 3] });
    expect([op.extras, op.inputs[1]!.shape]).toEqual([{ interpolate: 15 * 12 }, [1, 1, 2, 3, 3]]);
  });

  it("is bicubic in two dimensions alone", () => {
    const error = thrown(() => gridSample({ channels: 2, length: 4, size: 3, mode: "bicubic" }));
    expect(error.message).toBe('gridSample: mode must be nearest or bilinear in 1 dimensions, got "bicubic"');
  });
});

describe("fft", () => {
  it("5 n log2 n of complex numbers, half of it of real ones; no multiply-adds", () => {
    const op = fft({ batch: 3, n: 1024 });
    expect([op.macs, op.extras]).toEqual([0, { fft: 3 * 5 * 1024 * 10 }]);
    expect(fft({ batch: 3, n: 1024, real: true }).extras).toEqual({ fft: 1.5 * 5 * 1024 * 10 });
  });

  it("of several dimensions is one of each, after the other", () => {
    const rows = fft({ batch: 16, n: 8 });
    const columns = fft({ batch: 8, n: 16 });
    expect(cost(fft({ n: [16, 8] })).flops).toBe(cost(rows).flops + cost(columns).flops);
  });

  it("keeps half of a real signal's transform, and makes the signal of it again", () => {
    const there = fft({ batch: 2, n: [6, 10], real: true });
    const back = fft({ batch: 2, n: [6, 10], real: true, inverse: true });
    expect([there.inputs[0]!.shape, there.outputs[0]!.shape]).toEqual([
      [2, 6, 10],
      [2, 6, 6, 2],
    ]);
    expect([back.inputs[0]!.shape, back.outputs[0]!.shape]).toEqual([there.outputs[0]!.shape, there.inputs[0]!.shape]);
  });

  it("of one number is that number; of ten, a whole count", () => {
    expect(fft({ n: 1 }).extras).toEqual({ fft: 0 });
    expect(fft({ n: 10 }).extras).toEqual({ fft: Math.round(50 * Math.log2(10)) });
  });
});

describe("rnn", () => {
  const shape = { batch: 2, tokens: 3, inputSize: 4, hiddenSize: 5, numLayers: 2, bias: true, bidirectional: true };

  it("is what its loop does, a tanh a unit and step; none with relu", () => {
    const loop = recurrentLoop("rnn", shape);
    const { macs, flops, transcendentals } = cost(rnn(shape));
    expect([macs, flops, transcendentals]).toEqual([
      loop.macs,
      2 * loop.macs + loop.flops + loop.bias,
      loop.transcendentals,
    ]);
    expect(cost(rnn({ ...shape, nonlinearity: "relu" }))).toEqual({ ...cost(rnn(shape)), transcendentals: 0 });
  });

  it("has an LSTM's weights, a quarter of them", () => {
    expect(4 * cost(rnn(shape)).params).toBe(cost(lstm(shape)).params);
  });

  it("counts as PyTorch's FlopCounterMode does: 2,880 and 1,140 FLOPs", () => {
    const relu = { ...shape, bidirectional: false, nonlinearity: "relu" } as const;
    expect([countAs("torch", rnn(shape)).value, countAs("torch", rnn(relu)).value]).toEqual([2880, 1140]);
  });

  it("keeps no more for its backward pass than x, y and what lies between its layers", () => {
    const [gradient] = backward(rnn(shape));
    expect(gradient!.inputs.map((t) => t.name)).toEqual(["x", "y", "∂y", "y_l0"]);
  });
});
