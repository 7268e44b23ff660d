import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attention,
  calibrations,
  cost,
  device,
  devices,
  estimate,
  linear,
  matmul,
  model,
  modelCost,
  predict,
  softmax,
  totalCost,
  type Device,
} from "../../lib/index.js";
import { matmulComputeSeconds, smoothMaximum } from "../../lib/predict/matmulTime.js";

const a100 = device("a100-80-sxm");
const h100 = device("h100-sxm");
const layer = (tokens: number) => linear({ tokens, inFeatures: 4096, outFeatures: 4096, dtype: "fp16" });

describe("matmulComputeSeconds(sizes, roofs, fit)", () => {
  const fit = { compute: 0.5, memory: 1, overhead: 0, sharpness: 2, smallTile: 1, waveShare: 1 };
  const roofs = { peakFlops: 1e12, bandwidth: 1, units: 4 };
  it("is by hand: 4 tiles of 256 x 128 fill 4 units once, a fifth one costs a second wave", () => {
    const wave = (4 * 2 * 256 * 128 * 100) / 0.5e12;
    expect(matmulComputeSeconds({ m: 512, n: 256, k: 100 }, roofs, fit)).toBeCloseTo(wave, 18);
    expect(matmulComputeSeconds({ m: 256, n: 5 * 128, k: 100 }, roofs, { ...fit, smallTile: 0.1 })).toBeCloseTo(
      2 * wave,
      18,
    );
    expect(
      matmulComputeSeconds({ m: 256, n: 5 * 128, k: 100 }, roofs, { ...fit, smallTile: 0.1, waveShare: 0 }),
    ).toBeCloseTo(1.25 * wave, 18);
  });
  it("pays for the padding of a tile, chooses a smaller one, and without units rounds no wave", () => {
    expect(matmulComputeSeconds({ m: 1, n: 64, k: 100 }, { peakFlops: 1e12, bandwidth: 1 }, fit)).toBeCloseTo(
      (2 * 64 * 64 * 100) / 0.5e12,
      18,
    );
    expect(
      matmulComputeSeconds({ batch: 3, m: 64, n: 64, k: 100 }, { peakFlops: 1e12, bandwidth: 1 }, fit),
    ).toBeCloseTo((3 * 2 * 64 * 64 * 100) / 0.5e12, 18);
  });
});

it("smoothMaximum(a, b, p) lies between the maximum and the sum", () => {
  expect(smoothMaximum(3e-6, 4e-6, 2)).toBeCloseTo(5e-6, 15);
  expect([smoothMaximum(0, 0, 2), smoothMaximum(0, 7, 3), smoothMaximum(1, 2, 1)]).toEqual([0, 7, 3]);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-12, max: 1e3, noNaN: true }),
      fc.double({ min: 1, max: 20, noNaN: true }),
      (a, b, p) => {
        const s = smoothMaximum(a, b, p);
        expect(s).toBeGreaterThanOrEqual(Math.max(a, b));
        expect(s).toBeLessThanOrEqual((a + b) * (1 + 1e-12));
      },
    ),
  );
});

describe("predict(op, device, dtype)", () => {
  it("is its own terms, by hand, for one token through 4096 x 4096 on an A100", () => {
    const p = predict(layer(1), a100, "fp16");
    const { fit } = calibrations["a100-80-sxm"]!;
    expect(p.terms.memorySeconds).toBeCloseTo((2 * (4096 * 4096 + 2 * 4096)) / (2039e9 * fit.memory), 12);
    expect(p.terms.overheadSeconds).toBe(fit.overhead);
    expect(p.seconds).toBeCloseTo(
      smoothMaximum(p.terms.computeSeconds, p.terms.memorySeconds, fit.sharpness) + fit.overhead,
      12,
    );
    expect(p.interval[1]).toBeCloseTo(p.seconds * calibrations["a100-80-sxm"]!.heldOut.ratio[1], 15);
    expect(p.basis).toMatch(/held out/);
  });

  it("never promises to beat the roofline, on any device, in any format, for any op", () => {
    const pairs = Object.values(devices).flatMap((d) => Object.keys(d.peakFlops).map((dtype) => [d, dtype] as const));
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        ([d, dtype], m, n, k) => {
          for (const op of [matmul({ m, n, k, dtype: "fp16" }), softmax({ shape: [m, n] } as never)]) {
            const p = predict(op, d, dtype);
            const c = cost(op);
            const contraction = estimate({ ...c, flops: 2 * c.macs }, d, dtype);
            expect(p.interval[0]).toBeGreaterThanOrEqual(contraction.seconds * (1 - 1e-12));
            expect(p.interval[0]).toBeLessThanOrEqual(p.seconds * (1 + 1e-12));
            expect(p.interval[1]).toBeGreaterThanOrEqual(p.seconds * (1 - 1e-12));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("grows with the tokens, and is near the shares of peak that were published", () => {
    const times = [1, 64, 256, 1024, 4096, 16384].map((t) => predict(layer(t), h100, "bf16").seconds);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    const share = cost(layer(16384)).flops / predict(layer(16384), h100, "bf16").seconds / 989e12;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.803); // MAMF: the best of many shapes reaches 0.803
  });

  it("says on what its interval rests, and widens where nothing was measured", () => {
    const width = (d: Device, dtype = "fp16", op = layer(256)) => {
      const { interval } = predict(op, d, dtype);
      return interval[1] / interval[0];
    };
    expect(width(a100)).toBeLessThan(width(device("v100-sxm2")));
    expect(width(device("v100-sxm2"))).toBeLessThan(width(device("m2-pro")));
    expect(width(a100)).toBeLessThan(width(a100, "int8"));
    expect(
      [a100, device("v100-sxm2"), device("m2-pro")].map((d) => predict(layer(256), d, "fp16").basis.slice(0, 14)),
    ).toEqual(["fitted to 1252", "fitted to othe", "no measurement"]);
    expect(predict(attention({ batch: 1, tokens: 64, heads: 8, headDim: 64 } as never), a100, "fp16").basis).toMatch(
      /^no measurement/,
    );
  });

  it("takes a measured machine's ceilings as they are: from perfect overlap to none", () => {
    const own: Device = {
      id: "here",
      name: "here",
      kind: "cpu",
      peakFlops: { fp32: 1e11 },
      bandwidth: 2e10,
      sources: { bandwidth: { text: "here", status: "measured" } },
    };
    const op = matmul({ m: 64, n: 64, k: 64 });
    const e = estimate(cost(op), own, "fp32");
    const p = predict(op, own, "fp32");
    expect(p.interval[0]).toBeCloseTo(e.seconds, 15);
    expect(p.interval[1]).toBeCloseTo(e.upperSeconds, 15);
    expect(p.terms.overheadSeconds).toBe(0);
  });
});

describe("predict(cost | model, device, dtype)", () => {
  it("counts an overhead for each kernel of a cost", () => {
    const c = totalCost([cost(layer(1)), cost(layer(1))]);
    const one = predict(c, a100, "fp16");
    const two = predict(c, a100, "fp16", { kernels: 2 });
    expect(two.seconds - one.seconds).toBeCloseTo(calibrations["a100-80-sxm"]!.fit.overhead, 12);
    expect(predict(c, a100, "fp16", { kernels: 0 }).terms.overheadSeconds).toBe(0);
  });
  it("adds the ops of a model, and their errors", () => {
    const m = model("gpt2", { tokens: 32, dtype: "fp16" });
    const p = predict(m, a100, "fp16");
    const parts = m.nodes.map(({ op }) => predict(op, a100, "fp16"));
    expect(p.seconds).toBeCloseTo(
      parts.reduce((s, q) => s + q.seconds, 0),
      12,
    );
    expect(p.interval[1]).toBeCloseTo(
      parts.reduce((s, q) => s + q.interval[1], 0),
      12,
    );
    expect(p.interval[0]).toBeGreaterThan(0.5 * estimate(modelCost(m), a100, "fp16").memorySeconds);
    expect(p.basis).toMatch(/^the sum of \d+ ops; /);
  });
  it.each([
    [undefined, "undefined"],
    [null, "null"],
    ["gpt2", '"gpt2"'],
    [{}, "{}"],
  ])("refuses %j", (bad, got) => {
    expect(() => predict(bad as never, a100, "fp16")).toThrow(
      new TypeError(`predict: work must be an op, a cost or a model, got ${got}`),
    );
  });
  it("refuses a format that the device has not, and half a kernel", () => {
    expect(() => predict(layer(1), device("v100-sxm2"), "bf16")).toThrow(RangeError);
    expect(() => predict(layer(1), a100, "fp16", { kernels: 0.5 })).toThrow(
      new RangeError("predict: kernels must be a non-negative integer, got 0.5"),
    );
  });
});

it("calibrations err less on what they did not see than three numbers did, and carry their source", () => {
  const threeNumbers: Record<string, number> = { "a100-80-sxm": 0.079, "h100-sxm": 0.109, a40: 0.085 };
  for (const [id, c] of Object.entries(calibrations)) {
    expect(c.heldOut.mape).toBeLessThan(threeNumbers[id]!);
    expect(c.heldOut.ratio[0]).toBeLessThan(1);
    expect(c.heldOut.ratio[1]).toBeGreaterThan(1);
    expect(c.source).not.toBe("");
  }
});
