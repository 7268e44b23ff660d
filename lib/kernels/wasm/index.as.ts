// Everything that the WebAssembly module exports. Built twice by ../build.mjs: with relaxed SIMD (fused multiply-add)
// and without.
export { chase, chaseMany, copy, lines, read, triad, update } from "./stream.as";
export { copyLines, triadLines, updateLines } from "./touch.as";
export { addBias, multiplyAdds, rectify, scale, scaleBiasRelu } from "./regimes.as";
export { chains } from "./compute.as";
export { matmul } from "./matmul.as";
export {
  count,
  nest,
  strided,
  sum3,
  transposeByColumns,
  transposeByRows,
  transposeSimd,
  transposeTiled,
} from "./layout.as";
