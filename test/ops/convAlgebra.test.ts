// Convolutions against each other and against linear layers: what algebra says must be equal.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, conv1d, conv2d, conv3d, convTranspose2d, cost, linear } from "../../lib/index.js";
import { channelCase, runs, size, windowCase } from "./arbitrary.js";
import { shapeOf } from "./convShape.js";
import { Traced } from "./oracle.js";
import { convLoop, convTransposeLoop, starts } from "./oracleWindow.js";

describe("convolutions by algebra", () => {
  it("conv2d with a 1x1 kernel is a linear layer over positions", () => {
    const c = cost(conv2d({ batch: 2, inChannels: 5, outChannels: 7, height: 3, width: 4, kernelSize: 1, bias: true }));
    const l = cost(linear({ tokens: 24, inFeatures: 5, outFeatures: 7, bias: true }));
    expect(c).toEqual(l);
  });

  it(
    "conv2d with groups is as many smaller convolutions: macs and " +
      "params divide by groups once, forward and backward",
    () => {
      fc.assert(
        fc.property(size(4), size(3), size(3), (groups, a, b) => {
          const shape = { height: 7, width: 6, kernelSize: 3, padding: 1 };
          const whole = conv2d({ ...shape, inChannels: groups * a, outChannels: groups * b, groups });
          const part = conv2d({ ...shape, inChannels: a, outChannels: b });
          expect(whole.macs).toBe(groups * part.macs);
          expect(cost(whole).params).toBe(groups * cost(part).params);
          backward(whole).forEach((op, i) => expect(op.macs).toBe(groups * backward(part)[i]!.macs));
        }),
        runs,
      );
    },
  );

  it("conv1d is conv2d of height 1, and conv2d is conv3d of depth 1", () => {
    const one = conv1d({
      inChannels: 4,
      outChannels: 6,
      length: 11,
      kernelSize: 3,
      stride: 2,
      padding: 1,
      dilation: 2,
      groups: 2,
    });
    const two = conv2d({
      inChannels: 4,
      outChannels: 6,
      height: 1,
      width: 11,
      kernelSize: [1, 3],
      stride: [1, 2],
      padding: [0, 1],
      dilation: [1, 2],
      groups: 2,
    });
    const three = conv3d({
      inChannels: 4,
      outChannels: 6,
      depth: 1,
      height: 1,
      width: 11,
      kernelSize: [1, 1, 3],
      stride: [1, 1, 2],
      padding: [0, 0, 1],
      dilation: [1, 1, 2],
      groups: 2,
    });
    expect(cost(two)).toEqual(cost(one));
    expect(cost(three)).toEqual(cost(one));
  });

  it("convTranspose2d is the adjoint of conv2d: same macs, ⟨conv x, y⟩ = ⟨x, convTranspose y⟩", () => {
    fc.assert(
      fc.property(windowCase(2, 6), channelCase, (w, channels) => {
        const out = starts(w).map((l) => l.length);
        fc.pre(out.every((n) => n > 0));
        const forward = shapeOf(2, w, { ...channels, bias: false });
        const loop = convLoop(w, forward);
        // Rows that the stride leaves over behind the last window are outputPadding of the adjoint.
        const extra = w.size.map(
          (n, d) =>
            n -
            ((out[d]! - 1) * w.stride[d]! +
              (w.kernel[d]! - 1) * w.dilation[d]! +
              1 -
              w.padding[d]![0] -
              w.padding[d]![1]),
        );
        fc.pre(extra.every((e, d) => e < Math.max(w.stride[d]!, w.dilation[d]!)));
        const { inChannels, outChannels, ...rest } = forward;
        const op = convTranspose2d({
          ...rest,
          inChannels: outChannels,
          outChannels: inChannels,
          height: out[0]!,
          width: out[1]!,
          outputPadding: extra,
        } as never);
        const back = convTransposeLoop(
          { ...w, size: out },
          extra,
          { ...forward, inChannels: outChannels, outChannels: inChannels },
          loop.weight,
        );
        expect(op.macs).toBe(loop.macs);
        expect(op.exactMacs).toBe(loop.trueMacs);
        expect(op.outputs[0]!.shape).toEqual(loop.x.shape);
        const dot = (a: Traced, b: Traced) => a.values.reduce((s, v, i) => s + v * b.values[i]!, 0);
        expect(dot(loop.y, back.x)).toBeCloseTo(dot(loop.x, back.y), 6);
        // And so the gradient of a convolution's input is that transposed convolution.
        const [dx, dw] = backward(conv2d(forward as never));
        expect([dx!.macs, dx!.exactMacs, dx!.outputs[0]!.shape]).toEqual([op.macs, op.exactMacs, op.outputs[0]!.shape]);
        expect([dw!.macs, dw!.outputs[0]!.shape]).toEqual([loop.macs, loop.weight.shape]);
      }),
      runs,
    );
  });

  it("conv2d and linear layers make dx and dW of as many macs as the forward pass; a first layer has no dx", () => {
    const op = conv2d({ inChannels: 3, outChannels: 8, height: 9, width: 9, kernelSize: 3, stride: 2, bias: true });
    expect(backward(op).map((g) => g.macs)).toEqual([op.macs, op.macs]);
    expect(backward(op, { inputGradient: false }).map((g) => g.kind)).toEqual(["conv2d.weightGradient"]);
    expect(backward(op).every((g) => cost(g).params === 0)).toBe(true);
    expect(backward(op)[1]!.extras).toEqual({ bias: op.extras["bias"] });
  });
});
