// Writes the few ONNX messages that a graph of our own needs, as protobuf's wire format. Reading a user's ONNX file is
// import/'s matter.

/**
 * One field of a message, in pieces: they are laid together once, at the end, because a weight may take a hundred
 * megabytes.
 */
export type Field = readonly Uint8Array[];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return bytes;
}

const length = (pieces: Field): number => pieces.reduce((n, piece) => n + piece.length, 0);

/** The bytes of a message of these fields. */
export function message(fields: readonly Field[]): Uint8Array {
  const pieces = fields.flat();
  const whole = new Uint8Array(length(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Field `number` holding an integer. */
export const integer = (number: number, value: number): Field => [
  Uint8Array.from([...varint(number << 3), ...varint(value)]),
];

function contentOf(value: Uint8Array | string | readonly Field[]): Field {
  if (typeof value === "string") return [new TextEncoder().encode(value)];
  return value instanceof Uint8Array ? [value] : value.flat();
}

/** Field `number` holding bytes, a string or a nested message. */
export function bytes(number: number, value: Uint8Array | string | readonly Field[]): Field {
  const content = contentOf(value);
  return [Uint8Array.from([...varint((number << 3) | 2), ...varint(length(content))]), ...content];
}

/** Field `number` holding one 32-bit float. */
export const float = (number: number, value: number): Field => [
  Uint8Array.from(varint((number << 3) | 5)),
  new Uint8Array(new Float32Array([value]).buffer),
];
