import type { MatmulShape } from "../../ops/index.js";
import type { Kernel } from "../kernel.js";
import { matmulIjk, matmulIkj, matmulPacked } from "./javascript.js";
import { matmulNative, matmulNativeThreads } from "./native.js";
import { matmulThreads, matmulWasm } from "./wasm.js";

export { matmulIjk, matmulIkj, matmulNative, matmulNativeThreads, matmulPacked, matmulThreads, matmulWasm };

/** The ladder, first rung to last: each computes what the first computes. The native rungs need ONNX Runtime. */
export const matmulLadder: readonly Kernel<MatmulShape>[] = [
  matmulIjk,
  matmulIkj,
  matmulPacked,
  matmulWasm,
  matmulThreads,
  matmulNative,
  matmulNativeThreads,
];
