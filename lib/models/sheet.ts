// The sheet that a model is written on: its nodes, how an op is made once and recorded under many paths, and the shapes
// that flow. Which layers there are is known elsewhere.
import { elementCount, type Op } from "../op.js";
import type { Layer, PrecisionOptions } from "../ops/index.js";
import type { LayerNode } from "./training.js";
import type { Phase } from "./workload.js";

/** What flows between layers. */
export interface Activation {
  /** [batch, channels, height, width] or [batch, tokens, width]. */
  readonly shape: readonly number[];
  /** Index of the node that made it, or that made what it is a view of; `modelInput` for the model's own input. */
  readonly node: number;
}

/** The `node` of what no node made: an image, a spectrogram, what a cache holds. */
export const modelInput = -1;

export type Pair = number | readonly [number, number];
/** What a node says of its op beside its place. */
export interface Mark {
  /** How PyTorch runs the op, where tools care (convention/rule.ts). */
  module?: string;
  /** The path that owns the parameters, where another one does. */
  sharedWeights?: string;
  /** Whether no gradient passes, so that training leaves its parameters as they are. */
  detached?: boolean;
}

/** What all ops of a sheet have in common. */
export interface SheetOptions {
  /** What the model does. */
  phase: Phase;
  /** How tensors are stored. */
  precision: PrecisionOptions;
  /** Whether attention's scores never leave the chip. */
  fusedAttention: boolean;
}

/** Notes `op`, which reads `reads`, under `path`. The result has `shape`, by default the op's. */
export type Put = (
  path: string,
  op: Op,
  reads: readonly Activation[],
  mark?: Mark,
  shape?: readonly number[],
) => Activation;

/** The op of `layer` for `shape`. Blocks repeat: an op of one shape is made once and stands under many paths. */
type Make = <Kind extends string, Shape, Attributes>(layer: Layer<Kind, Shape, Attributes>, shape: Shape) => Op;

/**
 * What `write` puts under `path` for `x`. Blocks of one `key` are alike: the first is written, the others copy its
 * nodes, with the paths and the reads that are theirs.
 */
type Repeat = (
  key: string,
  path: string,
  x: Activation,
  write: (path: string, x: Activation) => Activation,
) => Activation;

/** A model while it is written. */
export interface Sheet extends SheetOptions {
  /** What stands on it, in order. */
  readonly nodes: LayerNode[];
  /** Notes an op. */
  readonly put: Put;
  /** Makes an op once for each shape. */
  readonly make: Make;
  /** Writes a block once for each kind. */
  readonly repeat: Repeat;
}

/** An empty sheet. */
export function sheet(options: SheetOptions): Sheet {
  const nodes: LayerNode[] = [];
  const made = new Map<string, Op>();
  const put: Put = (path, op, reads, { module, sharedWeights, detached } = {}, shape = op.outputs[0]!.shape) => {
    const node: { -readonly [Key in keyof LayerNode]: LayerNode[Key] } = { path, op, reads: makers(reads) };
    if (module !== undefined) node.module = module;
    if (sharedWeights !== undefined) node.sharedWeights = sharedWeights;
    if (detached === true) node.detached = true;
    if (reads.length > 0 && node.reads!.length === 0) node.leafInput = true;
    nodes.push(node);
    return { shape, node: nodes.length - 1 };
  };
  const make: Make = (layer, shape) => {
    const key = shapeText(layer.layerName, shape as Readonly<Record<string, unknown>>);
    const known = made.get(key);
    if (known !== undefined) return known;
    const op = layer(shape, options.precision);
    made.set(key, op);
    return op;
  };
  return { ...options, nodes, put, make, repeat: repeater(nodes) };
}

/** A layer and its shape as text, each its own. Models are written op by op, so it is put together by hand. */
function shapeText(layerName: string, shape: Readonly<Record<string, unknown>>): string {
  let text = layerName;
  for (const name in shape) {
    const value = shape[name];
    text += ` ${name} ${typeof value === "number" ? value : JSON.stringify(value)}`;
  }
  return text;
}

/** A block that was written: its nodes, the first one's index, what it read and what it made. */
interface Written {
  readonly parts: readonly { readonly below: string; readonly node: LayerNode }[];
  readonly start: number;
  readonly input: number;
  readonly result: Activation;
}

function repeater(nodes: LayerNode[]): Repeat {
  const written = new Map<string, Written>();
  return (key, path, x, write) => {
    const known = written.get(key);
    const from = nodes.length;
    if (known === undefined) {
      const result = write(path, x);
      const parts = nodes.slice(from).map((node) => ({ below: node.path.slice(path.length), node }));
      // What reads the model's own input does so without a read, which could not be copied.
      if (x.node !== modelInput) written.set(key, { parts, start: from, input: x.node, result });
      return result;
    }
    const { parts, start, input, result } = known;
    const own = (node: number): number => (node >= start ? node - start + from : node === input ? x.node : node);
    for (const { below, node } of parts) nodes.push({ ...node, path: path + below, reads: node.reads!.map(own) });
    return { shape: result.shape, node: own(result.node) };
  };
}

/** The nodes that made `reads`, each once. */
function makers(reads: readonly Activation[]): number[] {
  const made: number[] = [];
  for (const { node } of reads) if (node !== modelInput && !made.includes(node)) made.push(node);
  return made;
}

/** `x` read in another shape: no data moves. */
export const view = ({ node }: Activation, shape: readonly number[]): Activation => ({ shape, node });

/** The sizes of [batch, channels, height, width]. */
export function plane({ shape }: Activation): { batch: number; channels: number; height: number; width: number } {
  const [batch, channels, height, width] = shape as readonly [number, number, number, number];
  return { batch, channels, height, width };
}

/** The rows that a layer over the last axis works on, and their width. */
export function rows({ shape }: Activation): { tokens: number; normalizedShape: number } {
  return { tokens: elementCount(shape.slice(0, -1)), normalizedShape: shape.at(-1)! };
}

/** [batch, channels, height, width] read as [batch, features]. */
export const flatten = (x: Activation): Activation => view(x, [x.shape[0]!, elementCount(x.shape.slice(1))]);
