// The record that flows: TensorSpec -> Op -> Cost. A layer is a function that returns an Op (ops/);
// bytes and parameters follow from its tensors here, once, for all layers. No layer is known by name in this file.
import { having } from "./check.js";
import { bytesOf, isBlockFormat, type DType } from "./dtype.js";

/** One tensor that an op touches. */
export interface TensorSpec {
  /** What the layer calls it ("x", "weight"). */
  readonly name?: string;
  /** Sizes of its dimensions. */
  readonly shape: readonly number[];
  /** How it is stored. */
  readonly dtype: DType;
  /** Elements that are moved, when not all of them are (embedding rows, distinct experts; default the whole shape). */
  readonly elements?: number;
  /** Bytes that a file stores it in, where they are not those of its dtype; NaN: they are not known. */
  readonly bytes?: number;
  /** False for what no program holds as a parameter (scales, a KV cache): bytes, but no `params` (default true). */
  readonly stored?: boolean;
}

/** Floating-point operations that are no multiply-adds of a contraction, by what causes them. */
export type Extras = Readonly<Record<string, number>>;

/**
 * One operator at one shape: the tensors it touches and the arithmetic it does. Data only: what else there is to know
 * (its backward pass, what another tool counts) is computed from it by its kind.
 */
export interface Op<Kind extends string = string> {
  /** What it is: the name of its layer, or of a file's operator. */
  readonly kind: Kind;
  /** Activations that it reads. */
  readonly inputs: readonly TensorSpec[];
  /** Parameters that it reads, and their scales. */
  readonly weights: readonly TensorSpec[];
  /** Activations that it writes. */
  readonly outputs: readonly TensorSpec[];
  /** Multiply-adds of contractions, dense: the masked half of causal attention and padding positions count. */
  readonly macs: number;
  /** Multiply-adds that a perfect causal or windowed kernel would do; absent when that is `macs`. */
  readonly exactMacs?: number;
  /** FLOPs beside the multiply-adds, by cause. */
  readonly extras: Extras;
  /**
   * exp, log, tanh, erf, square roots: counted apart, also part of `extras` where the formula gives them a FLOP. A
   * division is a FLOP like any other.
   */
  readonly transcendentals?: number;
  /** Parameters that one forward pass uses, when fewer than stored (top-k experts); absent when that is all of them. */
  readonly activeParams?: number;
  /** The op's own shape and options, for who must count it another way (convention.ts). */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/**
 * What an op, or a sum of ops, costs. Units: operations and bytes. Bytes are compulsory traffic: each tensor once, at
 * its dtype.
 */
export interface Cost {
  /** Multiply-adds of contractions, dense. */
  readonly macs: number;
  /** Multiply-adds that a perfect causal or windowed kernel would do. */
  readonly exactMacs: number;
  /** 2 * macs + the sum of `extras`. */
  readonly flops: number;
  /** FLOPs beside the multiply-adds, by cause. */
  readonly extras: Extras;
  /** exp, log, tanh, erf and square roots. */
  readonly transcendentals: number;
  /** Parameters that are stored. */
  readonly params: number;
  /** Parameters that one forward pass uses. */
  readonly activeParams: number;
  /** Bytes of weights and inputs. */
  readonly bytesRead: number;
  /** Bytes of outputs. */
  readonly bytesWritten: number;
  /** Bytes of the weights that are read, scales included. */
  readonly weightBytes: number;
  /** Bytes of the activations that are read. */
  readonly inputBytes: number;
  /** Bytes of the activations that are written. */
  readonly outputBytes: number;
  /** False when a count exceeds 2^53 - 1 and is therefore rounded to a double. */
  readonly exact: boolean;
}

/** Elements of a shape, as a double. */
export function elementCount(shape: readonly number[]): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/** Elements of a tensor that are moved. */
export const movedElements = (t: TensorSpec): number => t.elements ?? elementCount(t.shape);

/** Bytes of a tensor that are moved. */
export const movedBytes = (t: TensorSpec): number => bytesFor(t, movedElements(t));

/** Bytes that a tensor occupies. */
export const storedBytes = (t: TensorSpec): number => t.bytes ?? bytesFor(t, elementCount(t.shape));

function bytesFor(t: TensorSpec, elements: number): number {
  if (t.bytes !== undefined) {
    const all = elementCount(t.shape);
    return elements === all ? t.bytes : Math.ceil((t.bytes * elements) / all);
  }
  if (!isBlockFormat(t.dtype)) return bytesOf(elements, t.dtype);
  // Each row starts a block.
  const row = t.shape.at(-1) ?? 1;
  return elements % row === 0 ? (elements / row) * bytesOf(row, t.dtype) : bytesOf(elements, t.dtype);
}

// Whole models are summed op by op, so the loops below are written out: no array, no callback, no key list for each op.

function totalBytes(tensors: readonly TensorSpec[]): number {
  let bytes = 0;
  for (const t of tensors) bytes += movedBytes(t);
  return bytes;
}

/**
 * What `op` costs: `{macs, flops, params, bytesRead, bytesWritten, …}`, flops = 2·macs + extras, bytes compulsory.
 */
export function cost(op: Op): Cost {
  having("cost", "op", "an Op such as linear({ inFeatures: 4, outFeatures: 2 })", op, "weights");
  let params = 0;
  let flops = 2 * op.macs;
  for (const w of op.weights) if (w.stored !== false) params += elementCount(w.shape);
  for (const name in op.extras) flops += op.extras[name]!;
  const weightBytes = totalBytes(op.weights);
  const inputBytes = totalBytes(op.inputs);
  const outputBytes = totalBytes(op.outputs);
  const transcendentals = op.transcendentals ?? 0;
  const bytesRead = weightBytes + inputBytes;
  return {
    macs: op.macs,
    exactMacs: op.exactMacs ?? op.macs,
    flops,
    extras: op.extras,
    transcendentals,
    params,
    activeParams: op.activeParams ?? params,
    bytesRead,
    bytesWritten: outputBytes,
    weightBytes,
    inputBytes,
    outputBytes,
    exact: countsExactly(flops, transcendentals, params, bytesRead, outputBytes),
  };
}

/**
 * The cost of running all of `costs` one after another. The sum of nothing is zero. Parameters add: shared ones must be
 * counted once by the caller.
 */
export function totalCost(costs: Iterable<Cost>): Cost {
  having("totalCost", "costs", "a list of costs", costs, Symbol.iterator);
  let macs = 0;
  let exactMacs = 0;
  let flops = 0;
  let transcendentals = 0;
  let params = 0;
  let activeParams = 0;
  let weightBytes = 0;
  let inputBytes = 0;
  let outputBytes = 0;
  let exact = true;
  const extras = new Map<string, number>(); // a Map, because an extra may be called "toString"
  for (const c of costs) {
    having("totalCost", "each of costs", "a Cost such as cost(op)", c, "bytesRead");
    macs += c.macs;
    exactMacs += c.exactMacs;
    flops += c.flops;
    transcendentals += c.transcendentals;
    params += c.params;
    activeParams += c.activeParams;
    weightBytes += c.weightBytes;
    inputBytes += c.inputBytes;
    outputBytes += c.outputBytes;
    for (const name in c.extras) extras.set(name, (extras.get(name) ?? 0) + c.extras[name]!);
    exact &&= c.exact;
  }
  const bytesRead = weightBytes + inputBytes;
  return {
    macs,
    exactMacs,
    flops,
    extras: Object.fromEntries(extras),
    transcendentals,
    params,
    activeParams,
    bytesRead,
    bytesWritten: outputBytes,
    weightBytes,
    inputBytes,
    outputBytes,
    exact: exact && countsExactly(flops, transcendentals, params, bytesRead, outputBytes),
  };
}

/** Whether a double holds each of these exactly; the counts not named here are no larger than one of them. */
const countsExactly = (
  flops: number,
  transcendentals: number,
  params: number,
  bytesRead: number,
  bytesWritten: number,
): boolean =>
  flops <= Number.MAX_SAFE_INTEGER &&
  transcendentals <= Number.MAX_SAFE_INTEGER &&
  params <= Number.MAX_SAFE_INTEGER &&
  bytesRead <= Number.MAX_SAFE_INTEGER &&
  bytesWritten <= Number.MAX_SAFE_INTEGER;

/** Compulsory traffic in bytes. */
export const bytesMoved = (c: Cost): number => c.bytesRead + c.bytesWritten;

/** FLOP per byte of compulsory traffic. NaN when nothing is moved and nothing is computed. */
export function arithmeticIntensity(c: Cost): number {
  having("arithmeticIntensity", "cost", "a Cost such as cost(op)", c, "bytesRead");
  return c.flops / bytesMoved(c);
}
