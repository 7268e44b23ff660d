// What a file stores: its initialisers as values, their numbers and bytes, and which of them are parameters.
import { elementCount } from "../../op.js";
import { isComputed } from "./computed.js";
import { elementTypes } from "./elementTypes.js";
import type { Graph, OnnxNode, Tensor } from "./proto.js";
import { tensorValue, type Value } from "./value.js";
import { who } from "./wire.js";

/** What a file stores. `elements` are all numbers of all initialisers. */
export interface Initialisers {
  /** How many there are. */
  readonly tensors: number;
  /** Their elements. */
  readonly elements: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Their bytes by format. */
  readonly bytesByDtype: Readonly<Record<string, number>>;
}

/** Layers have weights of one number; elsewhere it is a factor or a bound. */
const layers = /Conv|Gemm|MatMul|Norm|PRelu|LSTM|GRU|RNN|Attention|Gather|Einsum/;

/**
 * What is learned. Integers of 8 bits and fewer are quantized weights; wider ones are indices and sizes. One number
 * is a constant, unless it is a layer's or has a module's name, such as "score.bias".
 */
function isParameter(t: Tensor, ofLayers: ReadonlySet<string>): boolean {
  const type = elementTypes.get(t.type);
  if (type === undefined || !(type.float || (type.bits <= 8 && type.name !== "bool"))) return false;
  if (elementCount(t.dims) === 1 && !ofLayers.has(t.name) && !/^\w+(\.\w+)+$/.test(t.name)) return false;
  return !(type.float && isComputed(t));
}

const readByLayers = ({ nodes }: Pick<Graph, "nodes">): ReadonlySet<string> =>
  new Set(nodes.filter(({ opType }) => layers.test(opType)).flatMap(({ inputs }) => inputs));

/** An initialiser as a value. */
export interface Stored {
  readonly tensor: Tensor;
  readonly value: Value;
  readonly parameter: boolean;
}

/** A graph's initialisers as values; what is no parameter is not among the weights that the file stores. */
export function storedOf(graph: Graph): Stored[] {
  const ofLayers = readByLayers(graph);
  return graph.initialisers.map((tensor) => {
    const value = tensorValue(tensor);
    const parameter = isParameter(tensor, ofLayers);
    const { shape, dtype } = value;
    if (!shape || !dtype) return { tensor, value, parameter };
    const spec = { name: tensor.name, shape, dtype, ...(parameter ? {} : { stored: false }) };
    return { tensor, parameter, value: { ...value, stored: [spec] } };
  });
}

/** Parameters in the bodies of control flow. */
export function innerParameters(nodes: readonly OnnxNode[]): Tensor[] {
  return nodes.flatMap((n) =>
    [...n.attributes.values()].flatMap((a) =>
      a.graphs.flatMap((g) => {
        const ofLayers = readByLayers(g);
        return [...g.initialisers.filter((t) => isParameter(t, ofLayers)), ...innerParameters(g.nodes)];
      }),
    ),
  );
}

export function summed(tensors: readonly Tensor[]): Initialisers {
  const bytesByDtype: Record<string, number> = {};
  let elements = 0;
  let bytes = 0;
  for (const t of tensors) {
    const type = elementTypes.get(t.type);
    const n = elementCount(t.dims);
    const size = type ? Math.ceil((n * type.bits) / 8) : 0;
    const dtype = type?.name ?? "string";
    elements += n;
    bytes += size;
    bytesByDtype[dtype] = (bytesByDtype[dtype] ?? 0) + size;
  }
  if (elements > Number.MAX_SAFE_INTEGER || bytes > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${who}: initialisers must hold at most 2^53 - 1 bytes together, got ${bytes}`);
  return { tensors: tensors.length, elements, bytes, bytesByDtype };
}
