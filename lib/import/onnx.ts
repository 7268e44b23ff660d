// fromOnnx: an ONNX file as a Model. The wire format, the graph walk and the rules of each op type are in onnx/; here
// the inputs get their sizes.
import { positiveIntegers, record, shown } from "../check.js";
import type { Model } from "../model.js";
import type { TensorSpec } from "../op.js";
import { booleans, merged } from "../ops/shape.js";
import type { Uncounted } from "./onnx/countNode.js";
import { declaredValue, inputValue, walk, type Dim } from "./onnx/graph.js";
import type { Initialisers } from "./onnx/initialisers.js";
import { readModel, type OnnxFile } from "./onnx/proto.js";
import type { Value } from "./onnx/value.js";
import { who } from "./onnx/wire.js";

export { onnxCoverage } from "./onnx/coverage.js";

/** What the file leaves open. */
export interface OnnxOptions {
  /** Size of the dimensions that are usually called so. */
  batch?: number;
  /** Size of the dimensions that are usually called so. */
  tokens?: number;
  /** Size of the dimensions that are usually called height and width. */
  imageSize?: number;
  /** Sizes of symbolic dimensions by their name in the file, or of an unnamed one by "input[i]". */
  dims?: Readonly<Record<string, number>>;
  /** Whether a node that cannot be counted is an error (default false). */
  strict?: boolean;
}

/**
 * A Model; ops that could not be counted stand in `uncounted`: their FLOPs, bytes and perhaps parameters are missing
 * from every total.
 */
export interface OnnxModel extends Model {
  /** Nodes that could not be counted, and why. */
  readonly uncounted: readonly Uncounted[];
  /** Nodes of the graph, those of bodies and functions as often as they were followed. */
  readonly graphNodes: number;
  /** The tensors that the file stores. */
  readonly initialisers: Initialisers;
  /** What the graph reads. */
  readonly inputs: readonly TensorSpec[];
  /** What the graph gives. */
  readonly outputs: readonly TensorSpec[];
}

const usual: readonly (readonly [option: "batch" | "tokens" | "imageSize", pattern: RegExp])[] = [
  ["batch", /^(n|b|bs|batch.*|.*batch(_?size)?|unk__0)$/i],
  ["tokens", /^(seq.*|s|t|tokens|(text|input)?_?len(gth)?|sequence.*|num_tokens)$/i],
  ["imageSize", /^(h|w|height|width|.*(height|width))$/i],
];

/**
 * Reads an ONNX model: ops in graph order under the names of their nodes, every shape inferred, bodies of loops run as
 * often as the file tells. macs and extras are those of ops/; a copy (Transpose, Concat, Slice …) is an op that moves
 * bytes, a view none; what is known before the first run is folded. `params` are what is learned: no statistics,
 * scales, masks, rotary tables, first states or single factors; those that no counted op uses are `idleParams`. What
 * cannot be counted stands in `uncounted` as {path, opType, why}; `strict` throws instead. Throws a RangeError that
 * names the offset or field of a damaged file, or the dimension that needs a size.
 */
export function fromOnnx(bytes: Uint8Array | ArrayBuffer, options: OnnxOptions = {}): OnnxModel {
  const { batch, tokens, imageSize, dims = {}, strict = false } = merged(who, options);
  if (!(bytes instanceof Uint8Array) && !(bytes instanceof ArrayBuffer))
    throw new TypeError(`${who}: bytes must be a Uint8Array, got ${shown(bytes)}`);
  record(who, "dims", dims);
  booleans(who, { strict });
  positiveIntegers(
    who,
    Object.fromEntries(
      Object.entries({ batch, tokens, imageSize, ...withoutZero(dims) }).filter(([, n]) => n !== undefined),
    ),
  );
  const file = readModel(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  const sizes = new Map<string, number>();
  const dim: Dim = (d) => {
    if (typeof d === "number" || d === undefined) return d;
    return sizes.get(d) ?? (Object.hasOwn(dims, d) ? dims[d] : undefined);
  };
  const inputs = inputValues(file, { batch, tokens, imageSize, dims }, sizes, dim);
  const { nodes, uncounted, graphNodes, idleParams, initialisers, outputs } = walk(file, inputs, dim);
  const [first] = uncounted;
  if (strict && first) {
    const got = `${uncounted.length} that are not, the first ${shown(first.path)} (${first.why})`;
    throw new RangeError(`${who}: every op must be countable, got ${got}`);
  }
  return {
    name: file.graph.name || "onnx",
    nodes,
    ...(idleParams ? { idleParams } : {}),
    workload: { ...Object.fromEntries(sizes), ...Object.fromEntries([...inputs].map(([name, v]) => [name, v.shape])) },
    source: file.producer ? `ONNX file by ${file.producer}` : "ONNX file",
    uncounted,
    graphNodes,
    initialisers,
    outputs,
    inputs: [...inputs].flatMap(([name, v]) => (v.shape ? [{ name, shape: v.shape, dtype: v.dtype ?? "fp32" }] : [])),
  };
}

/** A dimension may be told to be empty; nothing is computed of it then. */
const withoutZero = (dims: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(dims).filter(([, n]) => n !== 0));

/** Sizes for the graph's inputs. Names that were bound go into `sizes`. */
function inputValues(
  { graph }: OnnxFile,
  { batch, tokens, imageSize, dims }: OnnxOptions & { dims: Readonly<Record<string, number>> },
  sizes: Map<string, number>,
  dim: Dim,
): Map<string, Value> {
  const stored = new Set(graph.initialisers.map((t) => t.name));
  const given = { batch, tokens, imageSize };
  const used = new Set<string>();
  const values = new Map<string, Value>();
  const bound = (name: string, input: string, i: number, rank: number, zero: boolean): number => {
    if (name && Object.hasOwn(dims, name)) {
      used.add(name);
      return dims[name]!;
    }
    // An image is [batch, channels, height, width], whatever an exporter calls its sizes.
    const image = rank === 4 && i >= 2 ? "imageSize" : undefined;
    const nameless = !name || /^unk__|^\?$|^-1$/.test(name);
    const byPlace = i === 0 && (rank === 4 || nameless) ? "batch" : image;
    const option = usual.find(([, pattern]) => pattern.test(name))?.[0] ?? byPlace;
    if (option && given[option] !== undefined) {
      used.add(option);
      return given[option]!;
    }
    if (option === "batch" && !zero) {
      used.add("batch");
      return 1;
    }
    const wanted = shown(name || `${input}[${i}]`);
    throw new RangeError(
      `${who}: dims must give ${wanted}, the size of dimension ${i} of input ${shown(input)}, got none`,
    );
  };
  for (const { name, dims: declared, type, element } of graph.inputs) {
    if (stored.has(name)) continue;
    if (!declared) {
      values.set(name, element ? declaredValue({ element }, dim) : {});
      continue;
    }
    const shape = declared.map((d, i) => {
      // Some exporters write an unknown size as 0 or -1.
      if (typeof d === "number" && d > 0) {
        if (i === 0 && d === batch) used.add("batch");
        return d;
      }
      const place = `${name}[${i}]`;
      if (Object.hasOwn(dims, place)) {
        used.add(place);
        return dims[place]!;
      }
      const symbol = typeof d === "string" ? d : "";
      const size = sizes.get(symbol) ?? bound(symbol, name, i, declared.length, d === 0);
      if (symbol) sizes.set(symbol, size);
      return size;
    });
    try {
      values.set(name, inputValue(shape, type));
    } catch (error) {
      throw new RangeError(`${who}: input ${shown(name)} cannot be, ${(error as Error).message}`, { cause: error });
    }
  }
  for (const [key, n] of Object.entries({ ...dims, ...given })) {
    if (n === undefined || used.has(key) || sizes.has(key)) continue;
    const shapes = Object.fromEntries([...values].map(([name, v]) => [name, v.shape]));
    const got = `${n} for a file whose inputs are ${shown(shapes)}`;
    throw new RangeError(`${who}: ${shown(key)} must be a free dimension of the file, got ${got}`);
  }
  return values;
}
