// What a training step needs in memory, line by line: weights, gradients, an optimizer's state and activations.
import { knownKeys, positiveIntegers, record, shown } from "../check.js";
import { bitsPerElement, bytesOf, parseDType, type DType } from "../dtype.js";
import type { Model, Node } from "../model.js";
import { elementCount, storedBytes, type TensorSpec } from "../op.js";
import { forwardNodes } from "../models/training.js";
import { optimizerState, type OptimizerOptions } from "../ops/index.js";
import { blocksOf, trainingActivations } from "./backwardPeak.js";
import { divisionOf, type Division, type Parallel } from "./division.js";
import { keptTensors } from "./kept.js";
import { idleBytes, weightTensorsOf } from "./memory.js";

/** Low-rank adapters that are trained in the place of the weights. (arXiv 2106.09685) */
export interface LoraOptions {
  /** Rank of an adapter's two matrices. */
  rank: number;
  /** Last parts of the paths of the linear layers that get one (default q_proj and v_proj). */
  targets?: readonly string[];
}

/** How a model is trained. */
export interface TrainingOptions {
  /** The rule of the step (default adamw). */
  optimizer?: OptimizerOptions["optimizer"];
  /** Format of the optimizer's moments (default fp32). */
  stateDtype?: DType | string;
  /** Format of the gradients (default that of the weights). */
  gradientDtype?: DType | string;
  /** Whether an fp32 copy of narrower weights is kept and updated (default false). */
  masterWeights?: boolean;
  /** Whether of each repeated block only the input is kept (gradient checkpointing; default false). */
  recompute?: boolean;
  /** ZeRO's stage over `parallel.data` devices: 1 divides state, 2 gradients too, 3 weights too (default 0). */
  zero?: 0 | 1 | 2 | 3;
  /** Adapters instead of all weights. */
  lora?: LoraOptions;
  /** Devices; the model's batch is that of each data-parallel one. */
  parallel?: Parallel;
}

/** Bytes of a training step on one device; `total` is the sum of the others. */
export interface TrainingMemory {
  /** As stored; adapters included. */
  readonly weights: number;
  /** Weights that are gathered from other devices while a block runs (ZeRO 3). */
  readonly gatheredWeights?: number;
  /** Of what is trained. */
  readonly gradients: number;
  /** The optimizer's moments. */
  readonly optimizerState: number;
  /** The fp32 copy. */
  readonly masterWeights?: number;
  /** What the forward pass keeps, the loss's log-probabilities included. */
  readonly activations: number;
  /** What the backward pass has beyond that at its peak: gradients of activations, a block computed again. */
  readonly backward: number;
  /** The sum. */
  readonly total: number;
}

const who = "trainingMemory";
const known = "optimizer stateDtype gradientDtype masterWeights recompute zero lora parallel".split(" ");

/**
 * Bytes that training `model` (of phase "train") needs on one device, as lines that sum to `total`: weights, gradients
 * and optimizer state of every trained parameter (AdamW over bf16 weights: 2 + 2 + 8 bytes, + 4 with `masterWeights`),
 * what the forward pass keeps for backward(op), and the rest of the backward pass's peak. No KV cache. Neglected: the
 * runtime, fragmentation, communication buffers, kernels' workspaces, dropout, copies between layouts. Throws a
 * RangeError where weights of fewer than 16 bits would be trained. (arXiv 1910.02054, 1604.06174)
 */
export function trainingMemory(model: Model, options: TrainingOptions = {}): TrainingMemory {
  record(who, "model", model);
  record(who, "options", options);
  knownKeys(who, options, known);
  const { optimizer = "adamw", stateDtype = "fp32", gradientDtype, masterWeights = false, lora } = options;
  const { recompute = false, zero = 0, parallel = {} } = options;
  if (model.workload.phase !== "train")
    throw new RangeError(`${who}: phase must be "train" (--phase train), got ${shown(model.workload.phase)}`);
  if (![0, 1, 2, 3].includes(zero)) throw new RangeError(`${who}: zero must be 0, 1, 2 or 3, got ${shown(zero)}`);
  const { data = 1 } = parallel;
  positiveIntegers(who, { "data-parallel devices": data });
  const nodes = forwardNodes(model);
  if (recompute && blocksOf(nodes).length === 0)
    throw new RangeError(`${who}: recompute must be false where paths number no repeated block, got true`);
  const division = divisionOf(who, model, parallel);
  const adapted = lora === undefined ? undefined : adaptedBy(nodes, lora);
  const base = weightTensorsOf({ ...model, nodes });
  const trained = adapted === undefined ? base.filter(isTrained).map(checkedWidth) : adapted.flatMap(adaptersOf);

  const over = (stage: number, bytes: number): number => Math.ceil(zero >= stage ? bytes / data : bytes);
  const sum = (list: readonly Placed[], bytes: (t: TensorSpec) => number): number =>
    list.reduce((n, { node, tensor }) => n + bytes(tensor) * division.weight(node, tensor), 0);
  const perParam = (of: (params: number) => number) => sum(trained, (t) => of(elementCount(t.shape)));
  const gradient = (t: TensorSpec): number =>
    bytesOf(elementCount(t.shape), gradientDtype === undefined ? t.dtype : parseDType(who, gradientDtype));
  const held = sum(base, storedBytes) + idleBytes(model) + (adapted ? sum(trained, storedBytes) : 0);
  const narrow = trained.filter(({ tensor }) => bitsPerElement[tensor.dtype] < 32);
  const { kept, peak } = activationsOf(nodes, division, { recompute, adapted, rank: lora?.rank });
  const lines = {
    weights: over(3, held),
    ...(zero === 3 && data > 1 ? { gatheredWeights: largestBlock(nodes, division) } : {}),
    gradients: over(2, sum(trained, gradient)),
    optimizerState: over(
      1,
      perParam((params) => optimizerState(params, { optimizer, stateDtype }).bytes),
    ),
    ...(masterWeights && narrow.length > 0
      ? {
          masterWeights: over(
            1,
            sum(narrow, (t) => bytesOf(elementCount(t.shape), "fp32")),
          ),
        }
      : {}),
    activations: kept,
    backward: peak - kept,
  };
  return { ...lines, total: Object.values(lines).reduce((n, bytes) => n + bytes, 0) };
}

interface Placed {
  readonly node: Node;
  readonly tensor: TensorSpec;
}

const isTrained = ({ node, tensor }: Placed): boolean => tensor.stored !== false && node.detached !== true;

function checkedWidth(placed: Placed): Placed {
  const { dtype } = placed.tensor;
  if (bitsPerElement[dtype] >= 16 && !dtype.startsWith("int")) return placed;
  const help = "give lora (--lora-rank), or weights of another format (--weight-dtype bf16)";
  throw new RangeError(`${who}: weights must be bf16, fp16 or fp32 to be trained, got ${dtype}; ${help}`);
}

function activationsOf(
  nodes: readonly Node[],
  { activation: share }: Division,
  { recompute, adapted, rank }: { recompute: boolean; adapted?: readonly Adapted[]; rank?: number },
) {
  const chosen = adapted && new Set(adapted.map(({ node }) => node));
  const learning = chosen && { trains: () => false, rankOf: (node: Node) => (chosen.has(node) ? rank : undefined) };
  return trainingActivations(nodes, keptTensors(nodes, { ...learning, share }), { recompute, share });
}

interface Adapted {
  readonly node: Node;
  readonly rank: number;
}

function adaptedBy(nodes: readonly Node[], { rank, targets = ["q_proj", "v_proj"] }: LoraOptions): Adapted[] {
  positiveIntegers(who, { "lora.rank": rank });
  const linears = nodes.filter(({ op }) => op.kind === "linear");
  const nameOf = ({ path }: Node): string => path.slice(path.lastIndexOf("/") + 1);
  const names = [...new Set(linears.map(nameOf))];
  const missing = targets.find((target) => !names.includes(target));
  if (missing !== undefined || targets.length === 0)
    throw new RangeError(
      `${who}: lora.targets (--lora-targets) must be among ${names.join(", ")}, got ${shown(missing ?? targets)}`,
    );
  return linears.filter((node) => targets.includes(nameOf(node))).map((node) => ({ node, rank }));
}

/** The two matrices beside a linear layer's, in the format of its activations. */
function adaptersOf({ node, rank }: Adapted): Placed[] {
  const { inputs, outputs } = node.op;
  const [x, y] = [inputs[0]!, outputs[0]!];
  const matrix = (name: string, shape: number[]): Placed => ({ node, tensor: { name, shape, dtype: x.dtype } });
  return [matrix("adapter.a", [rank, x.shape.at(-1)!]), matrix("adapter.b", [y.shape.at(-1)!, rank])];
}

/** Bytes of the weights of the largest repeated block, or of the largest op outside of them. */
function largestBlock(nodes: readonly Node[], { weight }: Division): number {
  const bytes = nodes.map((node) => node.op.weights.reduce((n, w) => n + storedBytes(w) * weight(node, w), 0));
  const blocks = blocksOf(nodes).map(({ first, last }) => bytes.slice(first, last + 1).reduce((n, b) => n + b, 0));
  return Math.ceil(Math.max(...blocks, ...bytes));
}
