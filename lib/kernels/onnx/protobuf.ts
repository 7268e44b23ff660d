// Writes the few ONNX messages that a graph of our own needs, as protobuf's wire format. Reading a user's ONNX file is import/'s matter.

type Field = Uint8Array;

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

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/** Field `number` holding an integer. */
export const integer = (number: number, value: number): Field => Uint8Array.from([...varint(number << 3), ...varint(value)]);

/** Field `number` holding bytes, a string or a nested message. */
export const bytes = (number: number, value: Uint8Array | string | readonly Field[]): Field => {
  const content = typeof value === "string" ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : concatenate(value);
  return concatenate([Uint8Array.from([...varint((number << 3) | 2), ...varint(content.length)]), content]);
};

/** Field `number` holding one 32-bit float. */
export const float = (number: number, value: number): Field =>
  concatenate([Uint8Array.from(varint((number << 3) | 5)), new Uint8Array(new Float32Array([value]).buffer)]);
