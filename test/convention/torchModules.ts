// A layer or a function of PyTorch, described by its own options and the shapes of its inputs (a row of
// test/golden/tools.json), as our ops. Our shape keys are PyTorch's in camelCase: most options pass as they are.
import { attention as attentionLayer, type Model, type Op } from "../../lib/index.js";
import { layersByName, type LayerName } from "../../lib/ops/index.js";
import { alone, multihead } from "./blocks.js";

type Shape = readonly number[];
type Options = Readonly<Record<string, unknown>>;

/** A row's description. */
export interface Described {
  /** Class of torch.nn. */
  readonly module?: string;
  /** Function: torch.matmul, F.gelu, Tensor.bmm. */
  readonly call?: string;
  /** PyTorch's own options. */
  readonly options?: Options;
  /** Shape of x, or of each tensor of a function. */
  readonly input: Shape | readonly Shape[];
  readonly mode?: string;
  readonly attention?: string;
  readonly keywords?: boolean;
}

/** What PyTorch's options change in no tool's count. */
const idle = ["padding_mode", "inplace", "negative_slope", "scale", "track_running_stats", "batch_first"];
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const inCamel = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).flatMap(([k, v]) => (idle.includes(k) ? [] : [[camel(k), v]])));
const product = (shape: Shape): number => shape.reduce((n, size) => n * size, 1);
const layer = (name: string, shape: Options): Op => layersByName[name as LayerName](shape);

/** Sizes after the channels by our names. */
function space(shape: Shape, line: "length" | "width"): Options {
  const names = shape.length === 3 ? [line] : ["depth", "height", "width"].slice(5 - shape.length);
  return Object.fromEntries(names.map((name, i) => [name, shape[i + 2]]));
}

const activations = Object.fromEntries(
  ["relu", "relu6", "leakyRelu", "elu", "silu", "gelu", "mish", "softplus", "hardswish", "hardsigmoid", "sigmoid"]
    .concat("tanh")
    .map((name) => [name.toLowerCase(), name]),
);
function activationOf(name: string, shape: Shape, { approximate }: Options): Op | undefined {
  const known = activations[name.toLowerCase().replaceAll("_", "")];
  if (known === undefined) return undefined;
  return layer(approximate === "tanh" ? "geluTanh" : known, { shape });
}

function opOf(name: string, options: Options, x: Shape, mode: string | undefined): Op {
  const shape = inCamel(options);
  const batch = x[0]!;
  const [, family, rank] = /^(.*?)(\dd)?$/.exec(name)!;
  switch (family) {
    case "Conv":
    case "ConvTranspose":
      return layer(`${camel(family.replace("ConvT", "conv_t").replace("Conv", "conv"))}${rank!}`, {
        bias: true,
        ...shape,
        batch,
        ...space(x, "length"),
      });
    case "Linear":
      return layer("linear", { bias: true, ...shape, tokens: product(x.slice(0, -1)) });
    case "BatchNorm":
      return layer("batchNorm", {
        ...shape,
        batch,
        ...space(x, "width"),
        training: mode === "train" || options.track_running_stats === false,
      });
    case "GroupNorm":
      return layer("groupNorm", { ...shape, batch, ...space(x, "width") });
    case "LayerNorm":
    case "RMSNorm": {
      const { elementwiseAffine: affine = true, ...rest } = shape;
      const width = product([shape.normalizedShape as number | Shape].flat());
      const kind = family === "LayerNorm" ? "layerNorm" : "rmsNorm";
      return layer(kind, { ...rest, affine, tokens: product(x) / width });
    }
    case "MaxPool":
    case "AvgPool":
    case "AdaptiveMaxPool":
    case "AdaptiveAvgPool":
      return layer(family[0]!.toLowerCase() + family.slice(1), {
        ...shape,
        batch,
        channels: x[1],
        ...space(x, "length"),
      });
    case "Softmax":
      return layer("softmax", { ...shape, shape: x });
    case "Embedding":
      return layer("embedding", { ...shape, tokens: product(x) });
    case "LSTM":
    case "GRU": {
      const [samples, tokens] = options.batch_first === true ? x : [x[1], x[0]];
      return layer(family.toLowerCase(), { bias: true, ...shape, batch: samples, tokens });
    }
    default: {
      const op = activationOf(name, x, options);
      if (op === undefined) throw new RangeError(`${name} is not described`);
      return op;
    }
  }
}

function called(name: string, options: Options, inputs: readonly Shape[]): Op {
  const [a = [], b = []] = inputs;
  const rows = (shape: Shape): number => shape.at(-2)!;
  switch (name.slice(name.indexOf(".") + 1)) {
    case "scaled_dot_product_attention":
      return attentionLayer({
        batch: a[0]!,
        heads: a[1]!,
        kvHeads: b[1]!,
        tokens: rows(a),
        context: rows(b),
        headDim: a[3]!,
        vHeadDim: inputs[2]![3]!,
        causal: options.is_causal === true,
      });
    case "einsum":
      return layer("einsum", { equation: options.equation, shapes: inputs });
    case "linear":
      return layer("linear", { tokens: a[0], inFeatures: a[1], outFeatures: b[0], bias: inputs.length === 3 });
    case "embedding":
      return layer("embedding", { tokens: product(a), numEmbeddings: b[0], embeddingDim: b[1] });
    case "softmax":
      return layer("softmax", { ...options, shape: a });
    case "baddbmm":
    case "addmm":
      return called("torch.matmul", {}, inputs.slice(1));
    case "matmul":
    case "__matmul__":
    case "mm":
    case "bmm": {
      // A matrix that all samples share makes one product of them.
      const shared = b.length < a.length;
      const samples = shared ? 1 : product(a.slice(0, -2));
      return layer("matmul", {
        batch: samples,
        m: product(a) / (samples * b.at(-2)!),
        k: b.at(-2),
        n: b.at(-1),
      });
    }
    default:
      return activationOf(name.slice(name.indexOf(".") + 1), a, options)!;
  }
}

/** The row as a model of one layer. */
export function described({ module, call, options = {}, input, mode, attention, keywords }: Described): Model {
  if (call !== undefined) {
    const op = called(call, options, input as readonly Shape[]);
    const nodes = [{ path: op.kind, op, module: call.endsWith("__matmul__") ? "@" : "functional" }];
    return { name: call, nodes, workload: { batch: 1 } };
  }
  const shape = input as Shape;
  const recurrent = module === "LSTM" || module === "GRU";
  const batchAt = recurrent && options.batch_first !== true ? 1 : 0;
  if (module === "MultiheadAttention") {
    const [batch, tokens] = options.batch_first === true ? shape : [shape[1], shape[0]];
    return multihead({
      batch: batch!,
      tokens: tokens!,
      width: options.embed_dim as number,
      heads: options.num_heads as number,
      bias: options.bias !== false,
      fused: attention === "fused",
      ...(keywords ? { module: "MultiheadAttention by keyword" } : {}),
    });
  }
  return alone(opOf(module!, options, shape, mode), shape[batchAt]);
}
