// The formats of GGML's tensors by their ids in a file: how many elements a block holds, and its bytes with scales
// and minima. Data only. Source: ggml.h and gguf-py's GGML_QUANT_SIZES (llama.cpp). Ids that llama.cpp has removed (4,
// 5, 31 to 33, 36 to 38) are not listed.
import { blockFormats, type DType } from "../dtype.js";

export interface GgmlType {
  readonly name: string;
  readonly blockElements: number;
  readonly blockBytes: number;
  /** The format of the same width, where this library has one. */
  readonly dtype?: DType;
}

const plain: readonly (readonly [id: number, name: string, bytes: number, dtype: DType])[] = [
  [0, "F32", 4, "fp32"],
  [1, "F16", 2, "fp16"],
  [24, "I8", 1, "int8"],
  [25, "I16", 2, "int16"],
  [26, "I32", 4, "int32"],
  [27, "I64", 8, "int64"],
  [28, "F64", 8, "fp64"],
  [30, "BF16", 2, "bf16"],
];
const blocked: readonly (readonly [id: number, name: string])[] = [
  [2, "Q4_0"],
  [3, "Q4_1"],
  [6, "Q5_0"],
  [7, "Q5_1"],
  [8, "Q8_0"],
  [9, "Q8_1"],
  [10, "Q2_K"],
  [11, "Q3_K"],
  [12, "Q4_K"],
  [13, "Q5_K"],
  [14, "Q6_K"],
  [15, "Q8_K"],
  [16, "IQ2_XXS"],
  [17, "IQ2_XS"],
  [18, "IQ3_XXS"],
  [19, "IQ1_S"],
  [20, "IQ4_NL"],
  [21, "IQ3_S"],
  [22, "IQ2_S"],
  [23, "IQ4_XS"],
  [29, "IQ1_M"],
  [34, "TQ1_0"],
  [35, "TQ2_0"],
  [41, "Q1_0"],
];

function blockType(name: string): GgmlType {
  const dtype = name.toLowerCase() as keyof typeof blockFormats;
  const [blockElements, blockBytes] = blockFormats[dtype];
  return { name, blockElements, blockBytes, dtype };
}

/** By the id in the file. */
export const ggmlTypes: ReadonlyMap<number, GgmlType> = new Map<number, GgmlType>([
  ...plain.map(
    ([id, name, blockBytes, dtype]) => [id, { name, blockElements: 1, blockBytes, dtype }] as [number, GgmlType],
  ),
  ...blocked.map(([id, name]) => [id, blockType(name)] as [number, GgmlType]),
  // The scales of these two stand in the block; `fp4` counts none.
  [39, { name: "MXFP4", blockElements: 32, blockBytes: 17 }],
  [40, { name: "NVFP4", blockElements: 64, blockBytes: 36 }],
]);
