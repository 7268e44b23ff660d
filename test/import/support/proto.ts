// A small writer of ONNX files for tests: messages as nested lists of fields.
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

type FieldValue = number | string | Uint8Array | Message;
export type Message = readonly (readonly [field: number, value: FieldValue])[];

/** Numbers become varints, everything else is length-delimited. */
export function encode(message: Message): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  for (const [field, value] of message) {
    if (typeof value === "number") w.tag(field, WireType.Varint).int64(value);
    else if (typeof value === "string") w.tag(field, WireType.LengthDelimited).string(value);
    else w.tag(field, WireType.LengthDelimited).bytes(value instanceof Uint8Array ? value : encode(value));
  }
  return w.finish();
}

const float = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);

/** A float32 tensor of zeros, an int64 one of `data`, or one whose raw bytes are given. */
export const tensor = (
  name: string,
  dims: readonly number[],
  { type = 1, raw, data }: { type?: number; raw?: Uint8Array; data?: readonly number[] } = {},
): Message => [
  ...dims.map((d) => [1, d] as const),
  [2, data ? 7 : type],
  [8, name],
  [
    9,
    raw ??
      (data
        ? new Uint8Array(BigInt64Array.from(data.map(BigInt)).buffer)
        : new Uint8Array(dims.reduce((n, d) => n * d, type === 3 || type === 2 ? 1 : 4))),
  ],
];

/** A value's type: element type and sizes; a string is a symbolic one. */
export const valueInfo = (name: string, dims: readonly (number | string)[], type = 1): Message => [
  [1, name],
  [
    2,
    [
      [
        1,
        [
          [1, type],
          [2, dims.map((d): readonly [number, Message] => [1, [typeof d === "number" ? [1, d] : [2, d]]])],
        ],
      ],
    ],
  ],
];

type AttributeValue =
  number | string | readonly number[] | { tensor: Message } | { graph: Message } | { float: number };
const attribute = (name: string, value: AttributeValue): Uint8Array => {
  if (typeof value === "number")
    return encode([
      [1, name],
      [3, value],
      [20, 2],
    ]);
  if (typeof value === "string")
    return encode([
      [1, name],
      [4, value],
      [20, 3],
    ]);
  if ("float" in value)
    return new Uint8Array([
      ...encode([
        [1, name],
        [20, 1],
      ]),
      0x15,
      ...float(value.float),
    ]);
  if ("tensor" in value)
    return encode([
      [1, name],
      [5, value.tensor],
      [20, 4],
    ]);
  if ("graph" in value)
    return encode([
      [1, name],
      [6, value.graph],
      [20, 5],
    ]);
  return encode([[1, name], ...value.map((n) => [8, n] as const), [20, 7]]);
};

export const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { name = "", domain = "", ...attributes }: Record<string, AttributeValue> & { name?: string; domain?: string } = {},
): Message => [
  ...inputs.map((i) => [1, i] as const),
  ...outputs.map((o) => [2, o] as const),
  [3, name],
  [4, opType],
  ...Object.entries(attributes).map(([k, v]) => [5, attribute(k, v as AttributeValue)] as const),
  ...(domain ? [[7, domain] as const] : []),
];

export interface GraphParts {
  nodes: readonly Message[];
  initialisers?: readonly Message[];
  inputs: readonly Message[];
  outputs?: readonly Message[];
  values?: readonly Message[];
  name?: string;
}
export const graph = ({
  nodes,
  initialisers = [],
  inputs,
  outputs = [],
  values = [],
  name = "test",
}: GraphParts): Message => [
  ...nodes.map((n) => [1, n] as const),
  [2, name],
  ...initialisers.map((t) => [5, t] as const),
  ...inputs.map((v) => [11, v] as const),
  ...outputs.map((v) => [12, v] as const),
  ...values.map((v) => [13, v] as const),
];

/** A whole file; the opset stands behind the graph, as in files by other writers. */
export const onnxFile = (
  parts: GraphParts,
  { opset = 17, functions = [], domain = "" }: { opset?: number; functions?: readonly Message[]; domain?: string } = {},
): Uint8Array<ArrayBuffer> =>
  encode([
    [1, 8],
    [2, "test"],
    [7, graph(parts)],
    ...functions.map((f) => [25, f] as const),
    [
      8,
      [
        [1, ""],
        [2, opset],
      ],
    ],
    ...(domain
      ? [
          [
            8,
            [
              [1, domain],
              [2, 1],
            ],
          ] as const,
        ]
      : []),
  ]);
