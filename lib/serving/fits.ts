// Does it fit: what a phase needs in the memory of one device, line by line, against what the device has.
import { knownKeys, nonNegativeIntegers, positiveIntegers, record, shown } from "../check.js";
import { storedBytes } from "../op.js";
import type { Model } from "../model.js";
import type { Device } from "../roofline.js";
import type { Phase } from "../models/index.js";
import { atWorkload, type OtherWorkload } from "./again.js";
import { cachedBytes } from "./cache.js";
import { divisionOf } from "./division.js";
import { decoderOf } from "./kvCache.js";
import { idleBytes, peakActivationBytes, weightTensorsOf } from "./memory.js";
import { trainingMemory, type TrainingOptions } from "./trainingMemory.js";

/** Phase, workload and devices; how it is trained. */
export interface FitOptions extends OtherWorkload, TrainingOptions {
  /** Bytes that the runtime keeps for itself (default 0). */
  reserve?: number;
}

/** What one device must hold, in bytes, by what it is; lines that a phase has not are absent. */
export type MemoryLedger = Readonly<Record<string, number>>;

/** Whether a model fits on a device. */
export interface Fit {
  /** Whether `needed` is at most `memory`. */
  readonly ok: boolean;
  /** The phase that this holds for. */
  readonly phase: Phase;
  /** Bytes by line: weights, kvCache, state, activations, reserve; in training those of trainingMemory. */
  readonly ledger: MemoryLedger;
  /** The sum of the ledger's lines. */
  readonly needed: number;
  /** What the device has. */
  readonly memory: number;
  /** `memory` - `needed`; negative when it does not fit. */
  readonly headroom: number;
  /** The largest batch of a decoder at this context; 0 when not even one sequence fits. */
  readonly maxBatch?: number;
  /**
   * The longest context of a decoder at this batch, in prefill and decode; 0 when there is none, Infinity when nothing
   * grows with it.
   */
  readonly maxContext?: number;
}

const workloadKeys = ["phase", "batch", "context", "fusedAttention"] as const;
const trainingKeys = [
  "optimizer",
  "stateDtype",
  "gradientDtype",
  "masterWeights",
  "recompute",
  "zero",
  "lora",
] as const;

/**
 * Bytes that a phase of `model` needs on one device, by line. Prefill and decode: weights, keys and values and the
 * states of the whole batch, and the activations alive at once; training: trainingMemory's lines, no cache.
 * `reserve` is a line of its own.
 * Throws a RangeError for training options in another phase.
 */
export function memoryLedger(model: Model, options: FitOptions = {}): MemoryLedger {
  record("memoryLedger", "model", model);
  return ledgerOf("memoryLedger", model, options).ledger;
}

function ledgerOf(who: string, model: Model, options: FitOptions): { run: Model; phase: Phase; ledger: MemoryLedger } {
  knownKeys(who, options, [...workloadKeys, ...trainingKeys, "parallel", "reserve"]);
  const { phase: asked, batch, context, fusedAttention, reserve = 0, ...training } = options;
  for (const [key, n] of Object.entries({ batch, context })) if (n !== undefined) positiveIntegers(who, { [key]: n });
  nonNegativeIntegers(who, { reserve });
  const run = atWorkload(who, model, { phase: asked, batch, context, fusedAttention });
  const phase = (run.workload.phase ?? "prefill") as Phase;
  const reserved: MemoryLedger = reserve > 0 ? { reserve } : {};
  if (phase === "train") {
    const lines = Object.entries(trainingMemory(run, training)).filter(([line]) => line !== "total");
    return { run, phase, ledger: { ...(Object.fromEntries(lines) as MemoryLedger), ...reserved } };
  }
  const foreign = trainingKeys.find((key) => options[key] !== undefined);
  if (foreign !== undefined)
    throw new RangeError(`${who}: ${foreign} must stand beside phase "train" (--phase train), got phase ${phase}`);
  const division = divisionOf(who, run, options.parallel);
  const weights = weightTensorsOf(run).reduce(
    (n, w) => n + storedBytes(w.tensor) * division.weight(w.node, w.tensor),
    0,
  );
  const cached = Object.entries<number>({ ...cachedBytes(run) }).map(([line, n]) => [line, Math.ceil(n * division.kv)]);
  const activations = peakActivationBytes(run, division.activation);
  return {
    run,
    phase,
    ledger: {
      weights: Math.ceil(weights + idleBytes(run)),
      ...(Object.fromEntries(cached) as MemoryLedger),
      activations,
      ...reserved,
    },
  };
}

const sumOf = (ledger: MemoryLedger): number => Object.values(ledger).reduce((n, bytes) => n + bytes, 0);

/**
 * Whether a phase of `model` (its own, unless `phase` says another) fits in the device's memory: the sum of
 * memoryLedger's lines against it. `batch` and `context` default to the model's own; `parallel` divides over devices,
 * each with a batch like the model's along `expert` and `data`. Prefill runs all positions at once, logits as the model
 * has them. Neglects fragmentation and what is not in `reserve`. Throws a RangeError for a device whose memory is not
 * known.
 */
export function fits(model: Model, device: Device, options: FitOptions = {}): Fit {
  record("fits", "model", model);
  const { memory } = device;
  if (memory === undefined) throw new RangeError(`fits: device must have a known memory, got ${shown(device.id)}`);
  const { run, phase, ledger } = ledgerOf("fits", model, options);
  const needed = sumOf(ledger);
  const common = { ok: needed <= memory, phase, ledger, needed, memory, headroom: memory - needed };
  if (!("decoder" in run)) return common;
  const at = (more: OtherWorkload): number => sumOf(ledgerOf("fits", run, { ...options, ...more }).ledger);
  const maxBatch = largestBatch((batch) => at({ batch }), memory);
  if (phase === "train") return { ...common, maxBatch };
  return { ...common, maxBatch, maxContext: longest(run, phase, (context) => at({ context }) <= memory) };
}

/** The largest batch whose need, which is linear in it, is at most `memory`. */
function largestBatch(need: (batch: number) => number, memory: number): number {
  const [one, two] = [need(1), need(2)];
  let batch = Math.floor((memory - one) / (two - one)) + 1;
  // Parts of a byte are rounded up line by line.
  while (batch > 0 && need(batch) > memory) batch--;
  return Math.max(0, batch);
}

/** The longest context for which `holds`, a condition that once false stays false. */
function longest(model: Model, phase: Phase, holds: (context: number) => boolean): number {
  const { learnedPositions, maxPositionEmbeddings = 0, positionOffset = 0 } = decoderOf("fits", model);
  const tokens = phase === "decode" ? Number(model.workload.tokens) : 1;
  const limit = learnedPositions ? maxPositionEmbeddings - positionOffset : phase === "decode" ? 2 ** 40 : 2 ** 28;
  if (limit < tokens || !holds(tokens)) return 0;
  if (holds(limit)) return learnedPositions ? limit : Infinity;
  let low = tokens;
  let high = limit;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
