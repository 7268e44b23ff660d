// The last rung: ONNX Runtime's MatMul. B is a constant, so that it is packed once, as a layer's weights are.
import { matmul, type MatmulShape } from "../../ops/index.js";
import { filled } from "../fill.js";
import type { Kernel } from "../kernel.js";
import { nativeGraph, type NativeGraph } from "../onnx/session.js";
import { cores } from "../pool.js";
import { matmulSizes } from "./sizes.js";

const variant = (name: string, threadCount: () => number): Kernel<MatmulShape, NativeGraph> => ({
  name,
  engine: "native",
  stream: "triad",
  get threads() {
    return threadCount();
  },
  op: (shape) => matmul(shape),
  prepare(shape) {
    const { m, n, k } = matmulSizes(name, shape);
    return nativeGraph(
      {
        nodes: [{ op: "MatMul", inputs: ["a", "b"], outputs: ["c"] }],
        inputs: [{ name: "a", shape: [m, k] }],
        outputs: [{ name: "c", shape: [m, n] }],
        constants: [{ name: "b", shape: [k, n], values: filled(k * n, 2) }],
      },
      { a: filled(m * k, 1) },
      { threads: threadCount() },
    );
  },
  run: (graph) => graph.run(),
  release: (graph) => graph.release(),
});

/** ONNX Runtime on one thread. */
export const matmulNative: Kernel<MatmulShape> = variant("matmul/native", () => 1);

/** ONNX Runtime on all cores. */
export const matmulNativeThreads: Kernel<MatmulShape> = variant("matmul/native-threads", cores);
