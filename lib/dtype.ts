// Names and widths of number formats. What a device does with a format (its peak) lives in devices.ts.
import { shown } from "./check.js";

/** Name of a number format. */
export type DType =
  | "fp64"
  | "fp32"
  | "tf32"
  | "bf16"
  | "fp16"
  | "fp8"
  | "fp6"
  | "fp4"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "int6"
  | "int5"
  | "int4"
  | "int3"
  | "int2"
  | "int1"
  | "bool"
  | BlockFormat;

/**
 * llama.cpp's block formats: a block's numbers share scales, which count into its bytes. [elements, bytes] of a block
 * (ggml-common.h, gguf-py's GGML_QUANT_SIZES).
 */
export const blockFormats = {
  q1_0: [128, 18],
  q4_0: [32, 18],
  q4_1: [32, 20],
  q5_0: [32, 22],
  q5_1: [32, 24],
  q8_0: [32, 34],
  q8_1: [32, 40],
  q2_k: [256, 84],
  q3_k: [256, 110],
  q4_k: [256, 144],
  q5_k: [256, 176],
  q6_k: [256, 210],
  q8_k: [256, 292],
  iq1_s: [256, 50],
  iq1_m: [256, 56],
  iq2_xxs: [256, 66],
  iq2_xs: [256, 74],
  iq2_s: [256, 82],
  iq3_xxs: [256, 98],
  iq3_s: [256, 110],
  iq4_nl: [32, 18],
  iq4_xs: [256, 136],
  tq1_0: [256, 54],
  tq2_0: [256, 66],
} as const satisfies Readonly<Record<string, readonly [elements: number, bytes: number]>>;

/** Name of a block format: "q4_0", "q4_k". */
export type BlockFormat = keyof typeof blockFormats;

const blocks: Readonly<Record<string, readonly [elements: number, bytes: number]>> = blockFormats;

/**
 * Bits per element, block formats averaged over their block with its scales.
 * tf32 is a compute mode: its values are stored as fp32, so it occupies 32 bits.
 */
export const bitsPerElement: Readonly<Record<DType, number>> = {
  fp64: 64,
  fp32: 32,
  tf32: 32,
  bf16: 16,
  fp16: 16,
  fp8: 8,
  fp6: 6,
  fp4: 4,
  int64: 64,
  int32: 32,
  int16: 16,
  int8: 8,
  uint8: 8,
  int6: 6,
  int5: 5,
  int4: 4,
  int3: 3,
  int2: 2,
  int1: 1,
  bool: 8,
  ...(Object.fromEntries(
    Object.entries(blocks).map(([name, [elements, bytes]]) => [name, (8 * bytes) / elements]),
  ) as Record<BlockFormat, number>),
};

const aliases: Record<string, DType> = {
  float64: "fp64",
  f64: "fp64",
  double: "fp64",
  float32: "fp32",
  f32: "fp32",
  float: "fp32",
  float16: "fp16",
  f16: "fp16",
  half: "fp16",
  bfloat16: "bf16",
  float8: "fp8",
  f8: "fp8",
  float8_e4m3fn: "fp8",
  float8_e5m2: "fp8",
  f8_e4m3: "fp8",
  f8_e5m2: "fp8",
  e4m3: "fp8",
  e5m2: "fp8",
  f6: "fp6",
  f4: "fp4",
  mxfp4: "fp4",
  nvfp4: "fp4",
  i64: "int64",
  i32: "int32",
  i16: "int16",
  i8: "int8",
  u8: "uint8",
  i4: "int4",
  i2: "int2",
  boolean: "bool",
};

/** Every number format, by its name here; `float32`, `half`, … are understood as well. */
export const dtypes = Object.keys(bitsPerElement) as DType[];

/**
 * The canonical name of a format: "float32", "F32" and "torch.float32" are all "fp32". Throws a RangeError that lists
 * the known names.
 */
export function parseDType(who: string, name: unknown): DType {
  // Nearly always: every op comes through here.
  if (typeof name === "string" && Object.hasOwn(bitsPerElement, name)) return name as DType;
  const key = typeof name === "string" ? name.toLowerCase().replace(/^torch\./, "") : "";
  if (Object.hasOwn(bitsPerElement, key)) return key as DType;
  if (Object.hasOwn(aliases, key)) return aliases[key]!;
  throw new RangeError(`${who}: dtype must be one of ${dtypes.join(", ")}, got ${shown(name)}`);
}

/** Bytes that `elements` packed values occupy; a trailing part of a byte, or of a block, counts whole. */
export function bytesOf(elements: number, dtype: DType): number {
  if (isBlockFormat(dtype)) {
    const [inBlock, bytes] = blockFormats[dtype];
    return Math.ceil(elements / inBlock) * bytes;
  }
  const bits = bitsPerElement[dtype];
  return bits % 8 === 0 ? elements * (bits / 8) : Math.ceil((elements * bits) / 8);
}

/** Whether numbers of `dtype` come in blocks, which no row shares with another. */
export const isBlockFormat = (dtype: DType): dtype is BlockFormat => Object.hasOwn(blocks, dtype);
