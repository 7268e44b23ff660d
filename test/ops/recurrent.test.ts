import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, cost, elementCount, gru, linear, lstm, type Op } from "../../lib/index.js";
import { runs, size } from "./arbitrary.js";
import { Counter } from "./oracle.js";
import { recurrentLoop } from "./oracleSequence.js";

const shapes = fc.record({
  batch: size(2),
  tokens: size(3),
  inputSize: size(3),
  hiddenSize: fc.integer({ min: 2, max: 4 }),
  numLayers: size(3),
  bias: fc.boolean(),
  bidirectional: fc.boolean(),
});
const extra = (op: Op): number => Object.values(op.extras).reduce((a, b) => a + b, 0);

describe.each([
  ["lstm", lstm, 4],
  ["gru", gru, 3],
] as const)("%s", (kind, layer, gates) => {
  it("counts what the cell does, step by step, layer by layer, in both directions", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), (s, projected) => {
        const shape = { ...s, ...(kind === "lstm" && projected ? { projSize: s.hiddenSize - 1 } : {}) };
        const op = layer(shape);
        const loop = recurrentLoop(kind, shape);
        expect(op.macs).toBe(loop.macs);
        expect(extra(op)).toBe(loop.flops + loop.bias);
        expect(op.extras["bias"] ?? 0).toBe(loop.bias);
        expect(op.transcendentals).toBe(loop.transcendentals);
        expect(op.outputs[0]!.shape).toEqual([s.batch, s.tokens, loop.width]);
      }),
      runs,
    );
  });

  it("its products are linear layers on inputs and states, and its parameters PyTorch's", () => {
    const op = layer({
      batch: 2,
      tokens: 5,
      inputSize: 7,
      hiddenSize: 3,
      numLayers: 2,
      bidirectional: true,
      bias: true,
    });
    const of = (inFeatures: number) => 2 * linear({ tokens: 10, inFeatures, outFeatures: gates * 3 }).macs;
    expect(op.macs).toBe(of(7) + of(3) + of(6) + of(3));
    expect(cost(op).params).toBe(2 * gates * 3 * (7 + 3 + 2) + 2 * gates * 3 * (6 + 3 + 2));
  });

  it("moves its sequence, its states, its weights once, and what lies between layers both ways", () => {
    const c = cost(
      layer({ batch: 2, tokens: 5, inputSize: 7, hiddenSize: 3, numLayers: 2, bidirectional: true, dtype: "bf16" }),
    );
    const states = (kind === "lstm" ? 2 : 1) * 2 * 2 * 2 * 3;
    const between = 2 * 5 * 6;
    expect([c.inputBytes, c.outputBytes]).toEqual([
      2 * (2 * 5 * 7 + states + between),
      2 * (2 * 5 * 6 + states + between),
    ]);
  });

  it("its gradients are twice its macs, less the input's when nobody asks for it", () => {
    const op = layer({ tokens: 5, inputSize: 7, hiddenSize: 3, numLayers: 2 });
    expect(backward(op)[0]!.macs).toBe(2 * op.macs);
    expect(backward(op, { inputGradient: false })[0]!.macs).toBe(2 * op.macs - 5 * gates * 3 * 7);
    expect(
      backward(op)[0]!
        .outputs.slice(1)
        .map((t) => elementCount(t.shape)),
    ).toEqual(op.weights.map((w) => elementCount(w.shape)));
  });
});

describe("the gradient of one cell, executed", () => {
  const s = (x: number) => 1 / (1 + Math.exp(-x));
  const pre = [0.3, -0.7, 0.4, 0.9];
  const near = (f: (d: number) => number) => (f(1e-6) - f(-1e-6)) / 2e-6;

  it("lstm keeps five values a unit and spends 24 FLOPs on its gradient, one of them a tanh", () => {
    const c0 = 0.6;
    const dy = 0.8;
    const carried = 0.5;
    const dcNext = -0.3;
    const cell = (p: readonly number[]) => {
      const [i, f, o] = [s(p[0]!), s(p[1]!), s(p[3]!)];
      const g = Math.tanh(p[2]!);
      const c = f * c0 + i * g;
      return { i, f, g, o, c, h: o * Math.tanh(c) };
    };
    const { i, f, g, o, c } = cell(pre);
    const n = new Counter();
    const dh = n.add(dy, carried);
    const tc = n.tanh(c);
    const dO = n.mul(dh, tc);
    const dc = n.add(dcNext, n.mul(n.mul(dh, o), n.sub(1, n.mul(tc, tc))));
    const di = n.mul(dc, g);
    const df = n.mul(dc, c0);
    const dg = n.mul(dc, i);
    n.mul(dc, f); // what goes on to the step before
    const through = (d: number, gate: number) => n.mul(n.mul(d, gate), n.sub(1, gate));
    const gradient = [through(di, i), through(df, f), n.mul(dg, n.sub(1, n.mul(g, g))), through(dO, o)];
    gradient.forEach((d, k) =>
      expect(d).toBeCloseTo(
        near((e) => {
          const r = cell(pre.map((p, j) => (j === k ? p + e : p)));
          return r.h * (dy + carried) + r.c * dcNext;
        }),
        8,
      ),
    );
    const [back] = backward(lstm({ inputSize: 1, hiddenSize: 1 }));
    expect([
      back!.extras["elementwise"],
      back!.transcendentals,
      back!.inputs.find((t) => t.name === "kept")!.shape,
    ]).toEqual([n.flops, n.transcendentals, [1, 1, 1, 1, 5]]);
  });

  it("gru keeps four values a unit and spends 18 FLOPs on its gradient", () => {
    const h0 = 0.6;
    const dy = 0.8;
    const carried = 0.5;
    const cell = (p: readonly number[]) => {
      const r = s(p[0]!);
      const z = s(p[1]!);
      const n = Math.tanh(p[2]! + r * p[3]!);
      return { r, z, n, h: (1 - z) * n + z * h0 };
    };
    const { r, z, n: cand } = cell(pre);
    const n = new Counter();
    const dh = n.add(dy, carried);
    const dn = n.mul(dh, n.sub(1, z));
    const dz = n.mul(dh, n.sub(h0, cand));
    n.add(0, n.mul(dh, z)); // to the step before, on top of what comes through the products
    const dpn = n.mul(dn, n.sub(1, n.mul(cand, cand)));
    const dr = n.mul(dpn, pre[3]!);
    const du = n.mul(dpn, r);
    const through = (d: number, gate: number) => n.mul(n.mul(d, gate), n.sub(1, gate));
    [through(dr, r), through(dz, z), dpn, du].forEach((d, k) =>
      expect(d).toBeCloseTo(
        near((e) => cell(pre.map((p, j) => (j === k ? p + e : p))).h * (dy + carried)),
        8,
      ),
    );
    const [back] = backward(gru({ inputSize: 1, hiddenSize: 1 }));
    expect([
      back!.extras["elementwise"],
      back!.transcendentals,
      back!.inputs.find((t) => t.name === "kept")!.shape,
    ]).toEqual([n.flops, 0, [1, 1, 1, 1, 4]]);
  });
});
