// Charts of lecture 2 from what the library counts: ops and costs in, one picture out.
import { horizontalBarChart, lineChart, stackedBarChart, type Chart } from "../../charts/index.js";
import type { DType } from "../../dtype.js";
import { arithmeticIntensity, bytesMoved, cost, type Cost, type Op } from "../../op.js";
import { attention, linear } from "../../ops/index.js";
import { ridgePoint, type Device } from "../../roofline.js";

/** A linear layer whose batch is swept. */
export interface BatchSweep {
  /** Input features. */
  readonly inFeatures: number;
  /** Output features. */
  readonly outFeatures: number;
  /** Formats of the data, a curve each. */
  readonly dtypes: readonly DType[];
}

/** Intensity of a linear layer against batch, 1 to 32,768, and `device`'s ridge points for arithmetic of `ridges`. */
export function batchChart(
  { inFeatures, outFeatures, dtypes }: BatchSweep,
  device: Device,
  ridges: readonly string[],
): Chart {
  const batches = [...new Set(Array.from({ length: 61 }, (_, k) => Math.round(2 ** (k / 4))))];
  const rows = dtypes.flatMap((dtype) =>
    batches.map((x) => ({
      series: dtype,
      x,
      y: arithmeticIntensity(cost(linear({ tokens: x, inFeatures, outFeatures, dtype }))),
    })),
  );
  return lineChart(rows, {
    title: `Intensity of linear ${inFeatures} → ${outFeatures} against batch`,
    x: "Batch size",
    y: "Arithmetic intensity (FLOP/byte)",
    xScale: "log",
    yScale: "log",
    rules: ridges.map((dtype) => ({
      y: ridgePoint(device, dtype),
      label: `${device.name.split(" ")[1]} ${dtype} ridge ${ridgePoint(device, dtype).toFixed(1)}`,
    })),
  });
}

/** Bytes of each of `ops`, by name: weights, inputs and outputs on top of each other. */
export function ledgerChart(ops: Readonly<Record<string, Op>>, title: string): Chart {
  const rows = Object.entries(ops).flatMap(([bar, op]) => {
    const { weightBytes, inputBytes, outputBytes } = cost(op);
    const parts: [string, number][] = [
      ["weights", weightBytes],
      ["input", inputBytes],
      ["output", outputBytes],
    ];
    return parts.map(([part, value]) => ({ bar, part, value }));
  });
  return stackedBarChart(rows, { title, x: "Batch size", y: "Bytes moved", yFormat: "si", unit: "B" });
}

/** Intensity of each of `ops`, by name, the smallest first, beside the ridge points of `devices` for `dtype`. */
export function intensityChart(
  ops: Readonly<Record<string, Op>>,
  devices: Readonly<Record<string, Device>>,
  dtype: string,
): Chart {
  const rows = Object.entries(ops)
    .map(([name, op]) => ({ name, family: op.kind, value: arithmeticIntensity(cost(op)) }))
    .sort((a, b) => a.value - b.value);
  return horizontalBarChart(rows, {
    title: `Arithmetic intensity by operation, ${dtype} data`,
    x: "Arithmetic intensity (FLOP/byte)",
    xScale: "log",
    rules: Object.entries(devices).map(([name, device]) => ({
      value: ridgePoint(device, dtype),
      label: `${name} ridge`,
    })),
  });
}

/** Picojoules in 45 nm silicon: an fp32 multiplication and addition, 32 bits from DRAM. (Horowitz, ISSCC 2014) */
const picojoule = { macs: 3.7 + 0.9, word: 640 };

/** Joules of `c` in 45 nm: of its multiply-adds as fp32, and of its bytes from DRAM. */
export const energyOf = (c: Cost): { readonly arithmetic: number; readonly dram: number } => ({
  arithmetic: c.macs * picojoule.macs * 1e-12,
  dram: (bytesMoved(c) / 4) * picojoule.word * 1e-12,
});

/** Energy of each of `layers` for one of its tokens: the arithmetic and the traffic. */
export function energyChart(
  layers: Readonly<Record<string, { readonly tokens: number; readonly op: Op }>>,
  title: string,
): Chart {
  const rows = Object.entries(layers).flatMap(([bar, { tokens, op }]) => {
    const { arithmetic, dram } = energyOf(cost(op));
    return [
      { bar, part: "arithmetic", value: arithmetic / tokens },
      { bar, part: "DRAM", value: dram / tokens },
    ];
  });
  return stackedBarChart(rows, { title, y: "Joule per token", yFormat: "si", unit: "J" });
}

/** Intensity of one attention head in bf16 against its tokens, unfused and fused, beside `device`'s ridge point. */
export function fusionChart(headDim: number, device: Device): Chart {
  const rows = [false, true].flatMap((fused) =>
    [128, 256, 512, 1024, 2048, 4096, 8192, 16_384].map((tokens) => ({
      series: fused ? "fused" : "unfused",
      x: tokens,
      y: arithmeticIntensity(cost(attention({ tokens, heads: 1, headDim, fused, dtype: "bf16" }))),
    })),
  );
  return lineChart(rows, {
    title: `Attention, head dimension ${headDim}, bf16: fused against unfused`,
    x: "Tokens",
    y: "Arithmetic intensity (FLOP/byte)",
    xScale: "log",
    yScale: "log",
    rules: [{ y: ridgePoint(device, "bf16"), label: `${device.name.split(" ")[1]} bf16 ridge` }],
  });
}
