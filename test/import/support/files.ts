// Small writers of safetensors and GGUF files for tests.

const text = new TextEncoder();
const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
};
const u64 = (n: number | bigint): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(n)).buffer);
const u32 = (n: number): Uint8Array => new Uint8Array(Uint32Array.of(n).buffer);

const widths: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, I8: 1, F8_E4M3: 1, I64: 8 };

/** Entries with their data_offsets in order. */
export function safetensorsHeader(
  tensors: Readonly<Record<string, { dtype: string; shape: readonly number[] }>>,
  metadata?: Record<string, string>,
): { header: Record<string, unknown>; dataBytes: number } {
  const header: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let at = 0;
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    const bytes = shape.reduce((n, d) => n * d, widths[dtype]!);
    Object.defineProperty(header, name, { value: { dtype, shape, data_offsets: [at, at + bytes] }, enumerable: true });
    at += bytes;
  }
  return { header, dataBytes: at };
}

/** A file of any header, right or wrong: `header` may be text. */
export function safetensorsFile(header: unknown, dataBytes: number, length?: number | bigint): Uint8Array {
  const json =
    header instanceof Uint8Array ? header : text.encode(typeof header === "string" ? header : JSON.stringify(header));
  return concat([u64(length ?? json.length), json, new Uint8Array(dataBytes)]);
}

export type GgufValue = string | number | boolean | readonly string[] | readonly number[] | { raw: Uint8Array };
const ggufString = (s: string | Uint8Array): Uint8Array => {
  const b = typeof s === "string" ? text.encode(s) : s;
  return concat([u64(b.length), b]);
};

/** Numbers become uint32, lists arrays of strings or uint32; `raw` is a type and a value as they are. */
function ggufValue(value: GgufValue): Uint8Array {
  if (typeof value === "string") return concat([u32(8), ggufString(value)]);
  if (typeof value === "number") return concat([u32(4), u32(value)]);
  if (typeof value === "boolean") return concat([u32(7), Uint8Array.of(Number(value))]);
  if ("raw" in value) return value.raw;
  const strings = typeof value[0] === "string";
  return concat([
    u32(9),
    u32(strings ? 8 : 4),
    u64(value.length),
    ...value.map((v) => (strings ? ggufString(v as string) : u32(v as number))),
  ]);
}

export interface GgufTensor {
  name: string | Uint8Array;
  /** rows first, as in PyTorch */ shape: readonly number[];
  type: number;
  bytes: number;
  offset?: number | bigint;
}

/** A version 3 file, aligned to 32 bytes; counts can be made to lie. */
export function ggufFile(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
  {
    tensorCount = tensors.length,
    metadataCount = Object.keys(metadata).length,
  }: { tensorCount?: number | bigint; metadataCount?: number | bigint } = {},
): Uint8Array {
  const aligned = (n: number): number => Math.ceil(n / 32) * 32;
  const parts: Uint8Array[] = [text.encode("GGUF"), u32(3), u64(tensorCount), u64(metadataCount)];
  for (const [key, value] of Object.entries(metadata)) parts.push(ggufString(key), ggufValue(value));
  let at = 0;
  for (const t of tensors) {
    parts.push(
      ggufString(t.name),
      u32(t.shape.length),
      ...[...t.shape].reverse().map((d) => u64(d)),
      u32(t.type),
      u64(t.offset ?? at),
    );
    at += aligned(t.bytes);
  }
  const head = concat(parts);
  return concat([head, new Uint8Array(aligned(head.length) - head.length + at)]);
}
export const bytesOfParts = { concat, u32, u64 };
