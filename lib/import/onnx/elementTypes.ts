// ONNX's element types (TensorProto.DataType) by number: their width, and the project's name where it has one. Data
// only.
import type { DType } from "../../dtype.js";

export interface ElementType {
  readonly name: string;
  readonly bits: number;
  readonly dtype: DType;
  readonly float: boolean;
}

const rows: readonly (readonly [id: number, name: string, bits: number, dtype: DType, float: boolean])[] = [
  [1, "float", 32, "fp32", true],
  [2, "uint8", 8, "uint8", false],
  [3, "int8", 8, "int8", false],
  [4, "uint16", 16, "int16", false],
  [5, "int16", 16, "int16", false],
  [6, "int32", 32, "int32", false],
  [7, "int64", 64, "int64", false],
  [9, "bool", 8, "bool", false],
  [10, "float16", 16, "fp16", true],
  [11, "double", 64, "fp64", true],
  [12, "uint32", 32, "int32", false],
  [13, "uint64", 64, "int64", false],
  [14, "complex64", 64, "fp64", true],
  [16, "bfloat16", 16, "bf16", true],
  [17, "float8e4m3fn", 8, "fp8", true],
  [18, "float8e4m3fnuz", 8, "fp8", true],
  [19, "float8e5m2", 8, "fp8", true],
  [20, "float8e5m2fnuz", 8, "fp8", true],
  [21, "uint4", 4, "int4", false],
  [22, "int4", 4, "int4", false],
  [23, "float4e2m1", 4, "fp4", true],
  [24, "float8e8m0", 8, "fp8", true],
  [25, "uint2", 2, "int2", false],
  [26, "int2", 2, "int2", false],
];

/** By the number in the file. Strings (8) and complex128 (15) are no numbers of a network and are not listed. */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map(
  rows.map(([id, name, bits, dtype, float]) => [id, { name, bits, dtype, float }]),
);

const floats = new Set<DType>(rows.filter((r) => r[4]).map((r) => r[3]));
export const isFloat = (dtype: DType): boolean => floats.has(dtype);
