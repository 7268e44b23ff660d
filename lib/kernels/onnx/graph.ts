// An ONNX graph in memory: nodes, inputs, constants and outputs -> the bytes of a model. Field numbers are those of
// onnx.proto (ONNX IR 8, opset 17).
import { bytes, float, integer, message, type Field } from "./protobuf.js";

/** What an ONNX node may be told: an integer, a text, integers, or a float, which must say so. */
type GraphAttribute = number | string | readonly number[] | { readonly float: number };
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, GraphAttribute>>;
  readonly domain?: string;
}
/**
 * `open: true` leaves the first size to the feed, so that the runtime cannot compute from the shape what should be run.
 */
export interface GraphTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: "float" | "int64";
  readonly open?: boolean;
}
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** fp32 constants; a weight that stands here is packed once, when the session is made. */
  readonly constants?: readonly (GraphTensor & { readonly values: Float32Array })[];
}

const elementType = { float: 1, int64: 7 } as const;

function tensorInfo({ name, shape, type = "float", open = false }: GraphTensor): Field[] {
  const dimensions = shape.map((size, i) => bytes(1, [open && i === 0 ? bytes(2, `${name}0`) : integer(1, size)]));
  return [bytes(1, name), bytes(2, [bytes(1, [integer(1, elementType[type]), bytes(2, dimensions)])])];
}

function attribute([name, value]: readonly [string, GraphAttribute]): Field {
  return bytes(5, [bytes(1, name), ...attributeContent(value)]);
}

/** The value and the number of its type, as AttributeProto has them. */
function attributeContent(value: GraphAttribute): Field[] {
  if (typeof value === "string") return [bytes(4, value), integer(20, 3)];
  if (typeof value === "number") return [integer(3, value), integer(20, 2)];
  if (Array.isArray(value)) return [...(value as readonly number[]).map((v) => integer(8, v)), integer(20, 7)];
  return [float(2, (value as { float: number }).float), integer(20, 1)];
}

const node = ({ op, inputs, outputs, attributes = {}, domain }: GraphNode): Field =>
  bytes(1, [
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, op),
    ...Object.entries(attributes).map(attribute),
    ...(domain ? [bytes(7, domain)] : []),
  ]);

const constant = ({ name, shape, values }: GraphTensor & { values: Float32Array }): Field =>
  bytes(5, [
    ...shape.map((size) => integer(1, size)),
    integer(2, elementType.float),
    bytes(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);

/** The bytes of an ONNX model that holds `graph`. Integer attributes are ints: write a float as `{ float: 1e-5 }`. */
export function onnxModel({ nodes, inputs, outputs, constants = [] }: Graph): Uint8Array {
  const graph = [
    ...nodes.map(node),
    bytes(2, "graph"),
    ...constants.map(constant),
    ...inputs.map((tensor) => bytes(11, tensorInfo(tensor))),
    ...outputs.map((tensor) => bytes(12, tensorInfo(tensor))),
  ];
  return message([
    integer(1, 8),
    bytes(2, "ridgepoint"),
    bytes(7, graph),
    bytes(8, [bytes(1, ""), integer(2, 17)]),
    bytes(8, [bytes(1, "com.microsoft"), integer(2, 1)]),
  ]);
}
