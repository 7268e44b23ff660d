import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attainableFlops,
  cost,
  device,
  devices,
  estimate,
  linear,
  model,
  modelCost,
  peakFlops,
  ridgePoint,
  totalCost,
  type Device,
  type Estimate,
} from "../lib/index.js";

const round = (x: number, digits = 1) => Number(x.toFixed(digits));

describe("ridgePoint(device, dtype)", () => {
  it.each([
    ["a100-80-sxm", "bf16", 153.0],
    ["h100-sxm", "bf16", 295.2],
    ["h100-sxm", "tf32", 147.6],
    ["h100-sxm", "fp32", 20.0],
    ["h100-sxm", "fp8", 590.7],
    ["h100-pcie", "bf16", 378.0],
    ["rtx4090", "bf16", 163.9],
    ["rtx4090", "fp32", 81.9],
    ["m2-pro", "fp32", 34.0],
    ["v100-sxm2", "fp16", 138.9],
  ])("ridgePoint(%s, %s) is %d FLOP/byte", (id, dtype, ridge) => {
    expect(round(ridgePoint(device(id), dtype))).toBe(ridge);
  });

  it(
    "gives the mirrored lecture's figures from the mirrored lecture's " +
      "inputs: 81.3 and 18.0 were shader and M2 figures",
    () => {
      const seed = (peak: number, bandwidth: number): Device => ({
        id: "seed",
        name: "seed",
        kind: "gpu",
        peakFlops: { fp32: peak },
        bandwidth,
        sources: {},
      });
      expect(
        [
          [82e12, 1008e9],
          [3.6e12, 200e9],
        ].map(([p, b]) => round(ridgePoint(seed(p!, b!), "fp32"))),
      ).toEqual([81.3, 18.0]);
    },
  );
});

describe("peakFlops(device, dtype)", () => {
  it("takes any name of the format", () => expect(peakFlops(device("h100-sxm"), "torch.bfloat16")).toBe(989e12));
  it("refuses a format that the device does not list, and names those it does", () => {
    expect(() => peakFlops(device("v100-sxm2"), "bf16")).toThrow(
      new RangeError('peakFlops: dtype must be one that v100-sxm2 lists (fp32, fp16), got "bf16"'),
    );
    expect(() => peakFlops(device("v100-sxm2"), "fp33")).toThrow(RangeError);
  });
  it.each([undefined, null, "h100-sxm", 3, {}])("refuses %j as a device", (bad) => {
    expect(() => peakFlops(bad as never, "fp32")).toThrow(
      /^peakFlops: device must be a Device such as device\("h100-sxm"\), got /,
    );
  });
});

describe("attainableFlops(device, dtype, intensity)", () => {
  const h100 = device("h100-sxm");
  it("is the slope before the ridge and the peak after it", () => {
    expect(attainableFlops(h100, "bf16", 0)).toBe(0);
    expect(attainableFlops(h100, "bf16", 100)).toBe(335e12);
    expect(attainableFlops(h100, "bf16", 300)).toBe(989e12);
    expect(attainableFlops(h100, "bf16", ridgePoint(h100, "bf16"))).toBeCloseTo(989e12, -3);
  });
  it.each([-1, NaN])("refuses an intensity of %d", (x) =>
    expect(() => attainableFlops(h100, "bf16", x)).toThrow(RangeError),
  );
});

describe("estimate(cost, device, dtype)", () => {
  const a100 = device("a100-80-sxm");
  it("is by hand for the mirrored lecture's linear layer, batch 1, fp32", () => {
    const e = estimate(cost(linear({ inFeatures: 768, outFeatures: 3072 })), a100, "tf32");
    expect(e.computeSeconds).toBeCloseTo(4_718_592 / 156e12, 20);
    expect(e.memorySeconds).toBeCloseTo(9_452_544 / 2039e9, 20);
    expect([e.bound, e.seconds, e.upperSeconds]).toEqual([
      "memory",
      e.memorySeconds,
      e.computeSeconds + e.memorySeconds,
    ]);
    expect(round(e.arithmeticIntensity, 2)).toBe(0.5);
    expect(round(e.attainableFlops / 1e12, 2)).toBe(1.02); // 0.4992 · 2.039
  });

  it("turns compute-bound at the exact critical batch, not at the rule of thumb", () => {
    const bound = (tokens: number) =>
      estimate(cost(linear({ tokens, inFeatures: 768, outFeatures: 3072, dtype: "bf16" })), device("h100-sxm"), "bf16")
        .bound;
    expect([bound(296), bound(568), bound(569)]).toEqual(["memory", "memory", "compute"]);
  });

  it("puts the lower bound below the upper one, at most twice apart, for every device and format", () => {
    const pairs = Object.values(devices).flatMap((d) => Object.keys(d.peakFlops).map((dtype) => [d, dtype] as const));
    fc.assert(
      fc.property(
        fc.constantFrom(...pairs),
        fc.integer({ min: 1, max: 4096 }),
        fc.integer({ min: 1, max: 8192 }),
        ([d, dtype], tokens, features) => {
          const c = cost(linear({ tokens, inFeatures: features, outFeatures: 512 }));
          const e = estimate(c, d, dtype);
          expect(e.seconds).toBe(Math.max(e.computeSeconds, e.memorySeconds));
          expect(e.upperSeconds).toBeGreaterThanOrEqual(e.seconds);
          expect(e.upperSeconds).toBeLessThanOrEqual(2 * e.seconds);
          expect(e.attainableFlops / attainableFlops(d, dtype, e.arithmeticIntensity)).toBeCloseTo(1, 9);
          expect(e.bound).toBe(e.arithmeticIntensity > ridgePoint(d, dtype) ? "compute" : "memory");
        },
      ),
    );
  });

  it("of an op is that of its cost", () => {
    const op = linear({ tokens: 8, inFeatures: 768, outFeatures: 3072 });
    expect(estimate(op, a100, "tf32")).toEqual(estimate(cost(op), a100, "tf32"));
  });

  it("of a model is the sum of its ops, each bounded by itself, and no less than the bound of its total", () => {
    const m = model("resnet18", { batch: 64, dtype: "bf16" });
    const e = estimate(m, a100, "bf16");
    const whole = estimate(modelCost(m), a100, "bf16");
    expect(e.ops.map((op) => op.path)).toEqual(m.nodes.map((node) => node.path));
    expect(e.ops[0]).toEqual({ path: "conv1", ...estimate(m.nodes[0]!.op, a100, "bf16") });
    const summed = (of: (o: Estimate) => number) => e.ops.reduce((n, op) => n + of(op), 0);
    expect(e.seconds).toBe(summed((o) => o.seconds));
    expect(e.upperSeconds).toBeCloseTo(
      summed((o) => o.upperSeconds),
      12,
    );
    expect([e.computeSeconds, e.memorySeconds]).toEqual([whole.computeSeconds, whole.memorySeconds]);
    expect(e.seconds).toBeGreaterThan(whole.seconds);
    expect(e.attainableFlops * e.seconds).toBeCloseTo(modelCost(m).flops, -3);
    // Most convolutions are bound by compute, but the norms and sums between them take longer.
    expect([e.bound, e.ops.find((op) => op.path === "layer1.0/conv1")!.bound]).toEqual(["memory", "compute"]);
    expect(estimate(m, { ...a100, bandwidth: 1e15 }, "bf16").bound).toBe("compute");
  });

  it("of nothing takes no time", () => {
    expect(estimate(totalCost([]), a100, "bf16")).toMatchObject({
      seconds: 0,
      upperSeconds: 0,
      attainableFlops: 0,
      bound: "memory",
    });
  });
});
