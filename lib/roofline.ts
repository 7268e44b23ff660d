// A device's roofs and what they say of a cost: ridge point, attainable rate, lower and upper bound on time.
// The measured figures of this machine come as the same Device (measure/), so every chart takes either.
import { shown } from "./check.js";
import { parseDType, type DType } from "./dtype.js";
import { modelCost, nodeCost, type Model } from "./model.js";
import { arithmeticIntensity, bytesMoved, cost, type Cost, type Op } from "./op.js";

/** Where a figure comes from. */
export interface Source {
  /** Title and address of the source. */
  readonly text: string;
  /** How the figure was taken from it. */
  readonly status: "read" | "read_secondary" | "derived" | "from_memory" | "measured";
  /** A conflict between sources, or that no primary source could be read. */
  readonly doubt?: string;
  /** What is to be said of the figure. */
  readonly note?: string;
}

/** One level of the memory hierarchy. Bytes, byte/s (counted as STREAM does; update is in place), seconds. */
export interface Level {
  /** "L1", "L2", …, "DRAM"; "L1+L2" where two caches could not be told apart. */
  readonly level: string;
  /** How much it holds. */
  readonly bytes: number;
  /** Byte/s that are loaded, every byte of them. */
  readonly read: number;
  /** Byte/s of the cache lines touched, whatever is loaded of each: what code with wider loads can read. */
  readonly lines?: number;
  /** y = x: byte/s read and written. */
  readonly copy?: number;
  /** z = x + a·y: byte/s read and written. */
  readonly triad?: number;
  /** x = a·x: byte/s read and written. */
  readonly update?: number;
  /** Seconds for one load that waits for the load before it. */
  readonly latency?: number;
}

/** A machine: one of the table, or this one, measured. */
export interface Device {
  /** By which `device` finds it: "h100-sxm". */
  readonly id: string;
  /** As charts and tables show it. */
  readonly name: string;
  /** What sort of processor it is. */
  readonly kind: "gpu" | "tpu" | "cpu" | "soc" | "npu";
  /** Dense FLOP/s by dtype; fp32 is the vector units' unless a note says otherwise. */
  readonly peakFlops: Readonly<Partial<Record<DType, number>>>;
  /** Byte/s of main memory. */
  readonly bandwidth: number;
  /** Bytes of main memory. */
  readonly memory?: number;
  /** Watt. */
  readonly tdp?: number;
  /** Levels of memory, innermost first, main memory last; only a measured machine has them. */
  readonly levels?: readonly Level[];
  /**
   * What each engine can compute here, FLOP/s; peakFlops.fp32 is the largest of them. Only a measured machine has them.
   */
  readonly roofs?: Readonly<Partial<Record<"javascript" | "wasm" | "native", number>>>;
  /** Bytes of on-chip memory by name. */
  readonly caches?: Readonly<Record<string, number>>;
  /** What is to be said of the whole device. */
  readonly note?: string;
  /** Keyed by the field's path: "peakFlops.bf16", "bandwidth", "memory", "tdp", "caches.L2". */
  readonly sources: Readonly<Record<string, Source>>;
}

/** The dense peak of `device` in `dtype`, FLOP/s. Throws a RangeError that lists the formats which the device has. */
export function peakFlops(device: Device, dtype: DType | string): number {
  const known = Object.keys(checkDevice("peakFlops", device).peakFlops) as DType[];
  const peak = device.peakFlops[parseDType("peakFlops", dtype)];
  if (peak === undefined)
    throw new RangeError(
      `peakFlops: dtype must be one that ${device.id} lists (${known.join(", ")}), got ${shown(dtype)}`,
    );
  return peak;
}

/** The arithmetic intensity at which the two roofs meet, FLOP/byte: peakFlops / bandwidth. */
export const ridgePoint = (device: Device, dtype: DType | string): number =>
  peakFlops(device, dtype) / device.bandwidth;

/** The roof over `intensity` (FLOP/byte): min(peak, intensity · bandwidth), FLOP/s. */
export function attainableFlops(device: Device, dtype: DType | string, intensity: number): number {
  if (!(intensity >= 0))
    throw new RangeError(
      `attainableFlops: intensity must be a number of FLOP/byte, 0 or more, got ${shown(intensity)}`,
    );
  return Math.min(peakFlops(device, dtype), intensity * device.bandwidth);
}

/** What the roofline says of a cost. */
export interface Estimate {
  /** Seconds for the FLOPs at the peak. */
  readonly computeSeconds: number;
  /** Seconds for the bytes at the bandwidth. */
  readonly memorySeconds: number;
  /** Lower bound: the larger of the two, as if they overlapped perfectly. */
  readonly seconds: number;
  /** Their sum, as if they did not overlap at all: at most twice the lower bound. */
  readonly upperSeconds: number;
  /** Which of the two takes longer; equal times count as memory. */
  readonly bound: "compute" | "memory";
  /** FLOP/byte. */
  readonly arithmeticIntensity: number;
  /** FLOP/s that the lower bound comes to. */
  readonly attainableFlops: number;
}

/** A model bounded op by op: `seconds` is the sum of its ops', at least the bound of its total cost. */
export interface ModelEstimate extends Estimate {
  /** By which roof the ops are bound that take the larger part of `seconds`. */
  readonly bound: Estimate["bound"];
  /** The ops in order, each bounded by itself. */
  readonly ops: readonly OpEstimate[];
}

export interface OpEstimate extends Estimate {
  /** Where the op stands in its model. */
  readonly path: string;
}

/**
 * Bounds on the time of `work` on `device`: max(flops / peak, bytes / bandwidth) ≤ t ≤ their sum (when launch
 * overhead is nil). A model's ops run one after another, each under its own bound; modelCost(model) is bounded as if
 * all of them overlapped. All FLOPs, extras included, are charged at the peak of `dtype`; bytes are compulsory traffic.
 * Neglects caches, launch and tile effects. Equal times count as memory-bound. Throws a RangeError for a dtype that the
 * device does not list.
 */
export function estimate(work: Model, device: Device, dtype: DType | string): ModelEstimate;
export function estimate(work: Op | Cost | Model, device: Device, dtype: DType | string): Estimate;
export function estimate(work: Op | Cost | Model, device: Device, dtype: DType | string): Estimate | ModelEstimate {
  if (typeof work === "object" && work !== null) {
    if ("unpriced" in work && work.unpriced !== undefined) throw new RangeError(work.unpriced);
    if ("nodes" in work) return opByOp(work, device, dtype);
    if ("inputs" in work) return boundOf(cost(work), device, dtype);
    if ("bytesRead" in work) return boundOf(work, device, dtype);
  }
  throw new TypeError(`estimate: work must be an op, a cost or a model, got ${shown(work)}`);
}

function boundOf(c: Cost, device: Device, dtype: DType | string): Estimate {
  if (Number.isNaN(c.bytesRead))
    throw new RangeError(
      "estimate: work must have weights of a known format (weightDtype sets one), got unknown bytes",
    );
  const computeSeconds = c.flops / peakFlops(device, dtype);
  const memorySeconds = bytesMoved(c) / device.bandwidth;
  const seconds = Math.max(computeSeconds, memorySeconds);
  return {
    computeSeconds,
    memorySeconds,
    seconds,
    upperSeconds: computeSeconds + memorySeconds,
    bound: computeSeconds > memorySeconds ? "compute" : "memory",
    arithmeticIntensity: arithmeticIntensity(c),
    attainableFlops: seconds > 0 ? c.flops / seconds : 0,
  };
}

function opByOp(model: Model, device: Device, dtype: DType | string): ModelEstimate {
  const c = modelCost(model);
  const ops = model.nodes.map((node) => ({ path: node.path, ...boundOf(nodeCost(node), device, dtype) }));
  let seconds = 0;
  let computeBound = 0;
  for (const op of ops) {
    seconds += op.seconds;
    if (op.bound === "compute") computeBound += op.seconds;
  }
  return {
    ...boundOf(c, device, dtype),
    seconds,
    bound: computeBound > seconds - computeBound ? "compute" : "memory",
    attainableFlops: seconds > 0 ? c.flops / seconds : 0,
    ops,
  };
}

function checkDevice(who: string, device: Device): Device {
  if (typeof device !== "object" || device === null || typeof device.peakFlops !== "object")
    throw new TypeError(`${who}: device must be a Device such as device("h100-sxm"), got ${shown(device)}`);
  return device;
}
