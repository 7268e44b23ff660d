// Seconds with an interval, from a roofline whose shares of peak were fitted to measurements. The bound itself is
// roofline.ts's matter.
import { shown } from "./check.js";
import { parseDType, type DType } from "./dtype.js";
import { measuredAnchors } from "./devices/anchors.js";
import type { Model } from "./model.js";
import { bytesMoved, cost, type Cost, type Op } from "./op.js";
import { calibrations, elsewhere, multiprocessors } from "./predict/calibrations.js";
import { matmulComputeSeconds, smoothMaximum, type MatmulFit, type MatmulSizes } from "./predict/matmulTime.js";
import { peakFlops, type Device } from "./roofline.js";

export { calibrations, type Calibration } from "./predict/calibrations.js";
export { measuredProducts, type MeasuredProduct } from "./predict/measuredProducts.js";
export type { MatmulFit } from "./predict/matmulTime.js";

/** What a cost cannot say of itself. */
export interface PredictOptions {
  /** Kernels that the cost is made of, when a Cost says nothing of its ops. */
  readonly kernels?: number;
}

/** A time with its interval. */
export interface Prediction {
  /** The time that is expected. */
  readonly seconds: number;
  /** Seconds between which the measured time should lie; `basis` says on what grounds. */
  readonly interval: readonly [low: number, high: number];
  /** What `seconds` is made of. */
  readonly terms: {
    /** Seconds for the FLOPs at the share of the peak that was measured. */
    readonly computeSeconds: number;
    /** Seconds for the bytes at the share of the bandwidth that was measured. */
    readonly memorySeconds: number;
    /** Seconds to launch the kernels. */
    readonly overheadSeconds: number;
  };
  /** What the interval rests on. */
  readonly basis: string;
}

/**
 * Seconds of `work` on `device`: (compute^p + memory^p)^(1/p) + overhead per kernel. Contractions are charged at the
 * peak of `dtype`, other FLOPs at fp32's, bytes at the bandwidth, each times the share that was measured. A linear or
 * matmul op pays for whole tiles and for its last wave. The interval is that of held-out measurements where there are
 * any, else the bound and the poorest shares on record. A model's ops run one after another; their errors add. Neglects
 * caches that keep a tensor between ops. Throws a RangeError for a dtype that the device does not list.
 */
export function predict(
  work: Op | Cost | Model,
  device: Device,
  dtype: DType | string,
  { kernels = 1 }: PredictOptions = {},
): Prediction {
  if (typeof work !== "object" || work === null)
    throw new TypeError(`predict: work must be an op, a cost or a model, got ${shown(work)}`);
  if (!Number.isSafeInteger(kernels) || kernels < 0)
    throw new RangeError(`predict: kernels must be a non-negative integer, got ${shown(kernels)}`);
  if ("nodes" in work) return sum(work.nodes.map(({ op }) => predict(op, device, dtype)));
  if (!("inputs" in work) && !("bytesRead" in work))
    throw new TypeError(`predict: work must be an op, a cost or a model, got ${shown(work)}`);
  const c = "inputs" in work ? cost(work) : work;
  const sizes = "inputs" in work ? matmulSizes(work) : undefined;
  const format = parseDType("predict", dtype);
  const peak = peakFlops(device, format);
  const measured = device.sources?.["bandwidth"]?.status === "measured";
  const { fit, spread, basis } = grounds(device, format, sizes !== undefined, measured);

  const extras = c.flops - 2 * c.macs;
  const extraPeak = device.peakFlops.fp32 ?? peak;
  const share = measured ? 1 : fit.compute;
  const processor = { peakFlops: peak, bandwidth: device.bandwidth, units: multiprocessors[device.id] };
  const contraction = sizes && !measured ? matmulComputeSeconds(sizes, processor, fit) : (2 * c.macs) / (peak * share);
  const bytes = bytesMoved(c);
  const computeSeconds = contraction + extras / (extraPeak * share);
  const memorySeconds = bytes / (device.bandwidth * fit.memory);
  const overheadSeconds = kernels * fit.overhead;
  const seconds = smoothMaximum(computeSeconds, memorySeconds, fit.sharpness) + overheadSeconds;
  const terms = { computeSeconds, memorySeconds, overheadSeconds };
  const compute = (2 * c.macs) / peak + extras / extraPeak;
  const memory = bytes / device.bandwidth;
  const bound = Math.max(compute, memory);
  if (spread) return { seconds, terms, basis, interval: [Math.max(bound, seconds * spread[0]), seconds * spread[1]] };

  // No measurement of this kind: from what physics allows to the poorest shares that anyone published, with twice the
  // longest overhead.
  const poor = measured ? { compute: 1, memory: 1, overhead: 0 } : poorest;
  const high =
    Math.max(compute / poor.compute, computeSeconds) +
    Math.max(memory / poor.memory, memorySeconds) +
    kernels * poor.overhead;
  return { seconds, terms, basis, interval: [bound, high] };
}

const shareOf = (what: string): number =>
  Math.min(...measuredAnchors.filter(({ of }) => of.startsWith(what)).map(({ ofSpec }) => ofSpec));
const poorest = {
  compute: shareOf("peakFlops"),
  memory: shareOf("bandwidth"),
  overhead: 2 * Math.max(...Object.values(calibrations).map(({ fit }) => fit.overhead)),
};

/** Which numbers apply, the quantiles of measured over predicted that go with them, and the sentence that says so. */
function grounds(
  device: Device,
  dtype: DType,
  isMatmul: boolean,
  measured: boolean,
): { fit: MatmulFit; spread?: readonly [number, number]; basis: string } {
  if (measured)
    return {
      fit: { ...elsewhere.fit, compute: 1, memory: 1, overhead: 0 },
      basis: "ceilings measured on this machine; the interval is perfect overlap to none",
    };
  const own = Object.hasOwn(calibrations, device.id) ? calibrations[device.id] : undefined;
  const sixteen = dtype === "fp16" || dtype === "bf16";
  if (own && isMatmul && sixteen)
    return {
      fit: own.fit,
      spread: own.heldOut.ratio,
      basis:
        `fitted to ${own.products} fp16 matrix products on this GPU; ` +
        "90 % of products held out lie in the interval",
    };
  const { heldOut, fit } = elsewhere;
  if (isMatmul && sixteen && multiprocessors[device.id] !== undefined)
    return {
      fit,
      spread: heldOut.ratio,
      basis: "fitted to other NVIDIA GPUs; the interval is that of a GPU left out of the fit",
    };
  // Off GPUs nothing is launched over a bus, and no overhead was measured.
  return {
    fit: device.kind === "gpu" ? (own?.fit ?? fit) : { ...fit, overhead: 0 },
    basis:
      "no measurement of this kind of work on this kind of device: " +
      "from the bound to the poorest published shares of peak",
  };
}

function matmulSizes({ kind, attributes = {} }: Op): MatmulSizes | undefined {
  const { tokens, inFeatures, outFeatures, batch, m, n, k } = attributes as Record<string, number>;
  if (kind === "linear" && tokens && inFeatures && outFeatures) return { m: tokens, n: outFeatures, k: inFeatures };
  return kind === "matmul" && m && n && k ? { batch: batch ?? 1, m, n, k } : undefined;
}

function sum(parts: readonly Prediction[]): Prediction {
  const add = (of: (p: Prediction) => number) => parts.reduce((t, p) => t + of(p), 0);
  return {
    seconds: add((p) => p.seconds),
    interval: [add((p) => p.interval[0]), add((p) => p.interval[1])],
    terms: {
      computeSeconds: add((p) => p.terms.computeSeconds),
      memorySeconds: add((p) => p.terms.memorySeconds),
      overheadSeconds: add((p) => p.terms.overheadSeconds),
    },
    basis: `the sum of ${parts.length} ops; ${[...new Set(parts.map((p) => p.basis))].join("; ")}`,
  };
}
