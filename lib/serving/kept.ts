// What a forward pass keeps for its backward pass: the tensors that backward(op) reads, each once, however many ops
// read it. When they are freed lives in backwardPeak.ts.
import { bytesOf } from "../dtype.js";
import type { Node } from "../model.js";
import { elementCount, storedBytes, type Op, type TensorSpec } from "../op.js";
import { backward, type OpOf } from "../ops/index.js";
import { isGradient } from "../ops/gradient.js";

/** A tensor that is kept. */
interface KeptTensor {
  /** Bytes of it on one device. */
  readonly bytes: number;
  /** Indices of the nodes whose backward pass reads it. */
  readonly savers: number[];
}

/** Which nodes learn, and what part of a node's tensors falls on one device. */
export interface KeptOptions {
  /** Whether the node's own weights are trained (default: every one is). */
  readonly trains?: (node: Node) => boolean;
  /** Rank of the adapter that is trained beside a node's weight; undefined: none (default). */
  readonly rankOf?: (node: Node) => number | undefined;
  /** The part of a node's tensors that one device holds (default 1). */
  readonly share?: (node: Node) => number;
}

/** What is kept of a forward pass, by storage, and which nodes a gradient reaches. */
export interface Kept {
  /** Storage -> tensor. A key that starts with "input" is of the model's own input. */
  readonly tensors: ReadonlyMap<string, KeptTensor>;
  /** Whether the gradient of a node's output is computed. */
  readonly reached: readonly boolean[];
}

/** The storage of a node's output. */
export const outputKey = (node: number, output = 0): string => `${node}.${output}`;

/**
 * The tensors that the backward pass of `nodes` reads, statistics of norms, row sums of fused attention and places of
 * maxima included, and the log-probabilities of a cross-entropy over the last output. Operands that are assembled from
 * parts count as tensors of their own, those that are cut from one as the whole of it, as PyTorch holds them. Neglects
 * copies that only change a layout, and dropout masks. Throws a RangeError where it is not known who reads what.
 */
export function keptTensors(
  nodes: readonly Node[],
  { trains = () => true, rankOf = () => undefined, share = () => 1 }: KeptOptions = {},
): Kept {
  const tensors = new Map<string, KeptTensor>();
  const reached: boolean[] = [];
  const keep = (key: string, bytes: number, saver: number, of: Node): void => {
    const known = tensors.get(key);
    if (known) known.savers.push(saver);
    else tensors.set(key, { bytes: Math.ceil(bytes * share(of)), savers: [saver] });
  };
  nodes.forEach((node, i) => {
    const { op, reads } = node;
    if (reads === undefined)
      throw new RangeError(`trainingMemory: every op must say which outputs it reads, got none at ${node.path}`);
    const inputGradient = node.detached !== true && reads.some((from) => reached[from]);
    const learns = node.detached !== true && trains(node) && op.weights.some((w) => w.stored !== false);
    const rank = rankOf(node);
    reached[i] = inputGradient || learns || rank !== undefined;
    if (!reached[i]) return;
    const place = { nodes, node, index: i };
    for (const t of savedBy(op, { inputGradient, learns })) {
      const { key, bytes, owner } = storageOf(place, t);
      keep(key, bytes, i, nodes[owner]!);
    }
    if (rank !== undefined) {
      const x = op.inputs[0]!;
      const { key, bytes, owner } = storageOf(place, x);
      keep(key, bytes, i, nodes[owner]!);
      keep(`${i}:adapter`, bytesOf((elementCount(x.shape) / x.shape.at(-1)!) * rank, x.dtype), i, node);
    }
    const beside = inputGradient || learns ? keptBeside(op) : 0;
    if (beside > 0) keep(`${i}:beside`, beside, i, node);
  });
  const last = nodes.length - 1;
  if (reached[last]) {
    const logits = nodes[last]!.op.outputs[0]!;
    keep("loss", bytesOf(elementCount(logits.shape), "fp32"), nodes.length, nodes[last]!);
  }
  return { tensors, reached };
}

/** Whether PyTorch's gradient takes the input where the formula could do without it; a mean of a plane takes none. */
const takesInput = ({ kind, outputs }: Op): boolean =>
  kind === "relu6" || kind === "elu" || (kind === "avgPool" && elementCount(outputs[0]!.shape.slice(2)) > 1);

/** What of an op's forward pass its gradients read; weights, constants and masks are not among it. */
function savedBy(op: Op, { inputGradient, learns }: { inputGradient: boolean; learns: boolean }): TensorSpec[] {
  if (op.kind === "hyperConnection")
    throw new RangeError(
      "trainingMemory: model must have one residual stream (what several keep is not known), got more",
    );
  if (op.kind === "mla") throw new RangeError("trainingMemory: mla must be given op by op, got it as one op");
  const ofWeights = new Set(op.weights.map((w) => `∂${w.name ?? ""}`));
  const fixed = op.attributes?.constant === true || op.attributes?.parameter === true;
  if (takesInput(op)) return inputGradient ? [op.inputs[0]!] : [];
  const saved = new Map<string, TensorSpec>();
  for (const gradient of backward(op, { inputGradient })) {
    if (!learns && gradient.outputs.every((t) => ofWeights.has(t.name ?? ""))) continue;
    for (const t of gradient.inputs)
      if (!isGradient(t) && !(fixed && t.name === "b")) saved.set(`${t.name} ${t.shape.join()}`, t);
  }
  return [...saved.values()];
}

/**
 * Bytes beside them: mean and reciprocal deviation of a norm's rows, fused attention's log-sum of each row (fp32), the
 * place of each maximum (int64), and what an op of experts keeps inside.
 */
function keptBeside(op: Op): number {
  const { kind, outputs, transcendentals = 0, attributes } = op;
  if (kind === "layerNorm" || kind === "groupNorm") return 8 * transcendentals;
  if (kind === "batchNorm") return attributes?.training === true ? 8 * transcendentals : 0;
  if (kind === "rmsNorm") return 4 * transcendentals;
  if (kind === "maxPool") return 8 * elementCount(outputs[0]!.shape);
  if (kind === "moe") return expertsKept(op);
  if (kind !== "attention" || attributes?.fused !== true) return 0;
  return 4 * elementCount(outputs[0]!.shape.slice(0, -1));
}

/**
 * Beside its input, a gated expert keeps the rows that were sent to it, gate, up, the activation and its product, and
 * the result that its router's weight multiplies; the router its probabilities.
 */
function expertsKept({ inputs, attributes }: Op): number {
  const a = attributes as OpOf<"moe">["attributes"];
  const { tokens, hiddenSize, topK, sharedExperts, intermediateSize, sharedIntermediateSize } = a;
  const inner = tokens * (topK * intermediateSize + sharedExperts * sharedIntermediateSize);
  const elements = 2 * tokens * topK * hiddenSize + (a.gated ? 4 : 2) * inner + (a.router ? tokens * a.experts : 0);
  return bytesOf(elements, inputs[0]!.dtype);
}

interface Place {
  readonly nodes: readonly Node[];
  readonly node: Node;
  readonly index: number;
}

interface Storage {
  readonly key: string;
  readonly bytes: number;
  /** The node whose device share it has. */
  readonly owner: number;
}

/** The storage that holds `t`, which the op at `index` reads or makes. */
function storageOf({ nodes, node, index }: Place, t: TensorSpec): Storage {
  const { op } = node;
  const own = op.outputs.findIndex((y) => y.name === t.name);
  if (own >= 0) return { key: outputKey(index, own), bytes: storedBytes(op.outputs[own]!), owner: index };
  const operand = op.inputs.findIndex((x) => x.name === t.name);
  const reads = node.reads!;
  if (operand >= 0 && reads.length === 0)
    return { key: `input ${t.name} ${elementCount(t.shape)}`, bytes: storedBytes(t), owner: index };
  const made = operand < 0 ? undefined : producer(nodes, node, operand);
  return made ?? { key: `${index}:${t.name}`, bytes: storedBytes(t), owner: index };
}

/** The output that an operand is, or is cut from; undefined where it is assembled. */
function producer(nodes: readonly Node[], { op, reads = [] }: Node, operand: number): Storage | undefined {
  const operands = op.inputs.filter((x) => !op.outputs.some((y) => y.name === x.name));
  const sizeOf = (t: TensorSpec): number => elementCount(t.shape);
  const size = sizeOf(op.inputs[operand]!);
  const made = reads.flatMap((from) => nodes[from]!.op.outputs.map((tensor, output) => ({ from, output, tensor })));
  const total = made.reduce((n, { tensor }) => n + sizeOf(tensor), 0);
  // Heads of which a part is turned are put together again; values are not turned.
  if (op.kind === "attention" && operand < 2 && total > operands.reduce((n, x) => n + sizeOf(x), 0)) return undefined;
  const before = operands.slice(0, operand).filter((x) => sizeOf(x) === size).length;
  const equal = made.filter(({ tensor }) => sizeOf(tensor) === size);
  const found = equal[before] ?? equal.at(-1) ?? made.filter(({ tensor }) => sizeOf(tensor) > size).at(-1);
  return found && { key: outputKey(found.from, found.output), bytes: storedBytes(found.tensor), owner: found.from };
}
