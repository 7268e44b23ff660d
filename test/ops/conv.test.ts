// Convolutions against the loops that define them, and how padding is read.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d, type Op } from "../../lib/index.js";
import { movedElements } from "../../lib/op.js";
import { channelCase, runs, size, windowCase } from "./arbitrary.js";
import { shapeOf } from "./convShape.js";
import { Traced } from "./oracle.js";
import { convLoop, convTransposeLoop, starts } from "./oracleWindow.js";

type AnyConv = (shape: never) => Op;
const convs: [string, 1 | 2 | 3, AnyConv][] = [
  ["conv1d", 1, conv1d as AnyConv],
  ["conv2d", 2, conv2d as AnyConv],
  ["conv3d", 3, conv3d as AnyConv],
];
const transposed: [string, 1 | 2 | 3, AnyConv][] = [
  ["convTranspose1d", 1, convTranspose1d as AnyConv],
  ["convTranspose2d", 2, convTranspose2d as AnyConv],
  ["convTranspose3d", 3, convTranspose3d as AnyConv],
];

describe.each(convs)("%s", (_name, rank, conv) => {
  it("counts what the loop multiplies, with and without padding zeros, and touches what it touches", () => {
    fc.assert(
      fc.property(windowCase(rank, rank === 3 ? 4 : 7), channelCase, (w, channels) => {
        fc.pre(starts(w).every((l) => l.length > 0));
        const shape = shapeOf(rank, w, channels);
        const op = conv(shape as never);
        const loop = convLoop(w, shape);
        expect(op.macs).toBe(loop.macs);
        expect(op.exactMacs).toBe(loop.trueMacs);
        expect(op.outputs[0]!.shape).toEqual(loop.y.shape);
        expect(movedElements(op.weights[0]!)).toBe(loop.weight.read.size);
        expect(movedElements(op.outputs[0]!)).toBe(loop.y.written.size);
        // Compulsory traffic reads the whole input; a stride may skip some of it, never the other way round.
        expect(movedElements(op.inputs[0]!)).toBeGreaterThanOrEqual(loop.x.read.size);
        expect(op.extras).toEqual(shape.bias ? { bias: loop.y.values.length } : {});
      }),
      { ...runs, numRuns: rank === 3 ? 30 : 60 },
    );
  });

  it("reads exactly its input when no stride skips any of it", () => {
    fc.assert(
      fc.property(fc.array(size(6), { minLength: rank, maxLength: rank }), (sizes) => {
        const w = {
          size: sizes,
          kernel: sizes.map(() => 1),
          stride: sizes.map(() => 1),
          dilation: sizes.map(() => 1),
          padding: sizes.map(() => [0, 0] as const),
        };
        const shape = shapeOf(rank, w, { batch: 1, groups: 1, inPerGroup: 2, outPerGroup: 1, bias: false });
        expect(movedElements(conv(shape as never).inputs[0]!)).toBe(convLoop(w, shape).x.read.size);
      }),
      { ...runs, numRuns: 10 },
    );
  });
});

describe.each(transposed)("%s", (_name, rank, conv) => {
  it("counts input positions as the scattering loop does, and gives its output size", () => {
    fc.assert(
      fc.property(
        windowCase(rank, rank === 3 ? 3 : 5),
        channelCase,
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: rank, maxLength: rank }),
        (w, channels, extra) => {
          const outputPadding = extra.map((e, d) => e % Math.max(w.stride[d]!, w.dilation[d]!));
          const shape = { ...shapeOf(rank, w, channels), outputPadding };
          const full = w.size.map(
            (n, d) =>
              (n - 1) * w.stride[d]! +
              (w.kernel[d]! - 1) * w.dilation[d]! +
              1 +
              outputPadding[d]! -
              w.padding[d]![0] -
              w.padding[d]![1],
          );
          fc.pre(full.every((n) => n > 0));
          const op = conv(shape as never);
          const loop = convTransposeLoop(w, outputPadding, shape, new Traced(op.weights[0]!.shape, 2));
          expect(op.macs).toBe(loop.macs);
          expect(op.exactMacs).toBe(loop.trueMacs);
          expect(op.outputs[0]!.shape).toEqual(loop.y.shape);
          expect([op.inputs[0]!, op.weights[0]!].map(movedElements)).toEqual([loop.x.read.size, loop.weight.read.size]);
          expect(movedElements(op.outputs[0]!)).toBeGreaterThanOrEqual(loop.y.written.size);
        },
      ),
      { ...runs, numRuns: 30 },
    );
  });
});

describe("padding", () => {
  const out = (padding: unknown, stride = 1, dilation = 1) =>
    conv2d({
      inChannels: 1,
      outChannels: 1,
      height: 7,
      width: 8,
      kernelSize: [3, 4],
      padding: padding as never,
      stride,
      dilation,
    }).outputs[0]!.shape.slice(2);

  it('padding "same" keeps the size, also of even kernels and dilated ones', () => {
    expect(out("same")).toEqual([7, 8]);
    expect(out("same", 1, 3)).toEqual([7, 8]);
    expect(out("valid")).toEqual([5, 5]);
  });

  it(
    'padding "sameUpper" and "sameLower" ' +
      "give ceil(size / stride) outputs and " +
      "differ in the side of an odd rest",
    () => {
      fc.assert(
        fc.property(size(12), size(5), size(4), size(3), (length, kernelSize, stride, dilation) => {
          const upper = conv1d({
            inChannels: 1,
            outChannels: 1,
            length,
            kernelSize,
            stride,
            dilation,
            padding: "sameUpper",
          });
          const lower = conv1d({
            inChannels: 1,
            outChannels: 1,
            length,
            kernelSize,
            stride,
            dilation,
            padding: "sameLower",
          });
          expect(upper.outputs[0]!.shape).toEqual([1, 1, Math.ceil(length / stride)]);
          expect(lower.outputs[0]!.shape).toEqual(upper.outputs[0]!.shape);
          const [before, after] = upper.attributes.padding[0]!;
          expect(lower.attributes.padding[0]).toEqual([after, before]);
          expect(after - before === 0 || after - before === 1).toBe(true);
        }),
        runs,
      );
    },
  );

  it("padding takes a number, one for each dimension, or a pair for a dimension", () => {
    expect(out(1)).toEqual([7, 7]);
    expect(out([0, 2])).toEqual([5, 9]);
    expect(
      out([
        [0, 1],
        [2, 1],
      ]),
    ).toEqual([6, 8]);
  });

  it("attributes carry the whole resolved shape", () => {
    expect(
      conv2d({ inChannels: 2, outChannels: 3, height: 5, width: 6, kernelSize: 3, padding: 1 }).attributes,
    ).toEqual({
      batch: 1,
      inChannels: 2,
      outChannels: 3,
      height: 5,
      width: 6,
      outHeight: 5,
      outWidth: 6,
      kernelSize: [3, 3],
      stride: [1, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilation: [1, 1],
      groups: 1,
      bias: false,
      exactPadding: false,
    });
    expect(
      convTranspose2d({ inChannels: 2, outChannels: 3, height: 5, width: 6, kernelSize: 4, stride: 2, padding: 1 })
        .attributes,
    ).toMatchObject({ outHeight: 10, outWidth: 12, outputPadding: [0, 0] });
  });
});
