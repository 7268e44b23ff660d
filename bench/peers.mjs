// Other npm packages that multiply matrices in WebAssembly. None is a dependency: those that are installed are
// measured, the others named. npm install --no-save numpy-ts onnxruntime-web @tensorflow/tfjs-core
// @tensorflow/tfjs-backend-wasm
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// PEERS=/some/folder looks there instead of here.
const require = createRequire(process.env.PEERS ? join(process.env.PEERS, "package.json") : import.meta.url);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);

/** By package: `(a, b, n) => run`, a product of two n × n fp32 matrices on one thread. */
const packages = {
  async "numpy-ts"(a, b, n) {
    const np = await load("numpy-ts");
    const wrap = (x) => np.array(x, "float32").reshape(n, n);
    const [x, y] = [wrap(a), wrap(b)];
    return () => np.matmul(x, y);
  },
  async "onnxruntime-web"(a, b, n) {
    const module = await load("onnxruntime-web");
    const ort = module.default ?? module;
    const { onnxModel } = await import("../lib/dist/kernels/onnx/graph.js");
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(
      onnxModel({
        nodes: [{ op: "MatMul", inputs: ["a", "b"], outputs: ["c"] }],
        inputs: [{ name: "a", shape: [n, n] }],
        outputs: [{ name: "c", shape: [n, n] }],
        constants: [{ name: "b", shape: [n, n], values: b }],
      }),
      { executionProviders: ["wasm"] },
    );
    const feeds = { a: new ort.Tensor("float32", a, [n, n]) };
    return () => session.run(feeds);
  },
  async "@tensorflow/tfjs-backend-wasm"(a, b, n) {
    const tf = require("@tensorflow/tfjs-core");
    const wasm = require("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
    wasm.setThreadsCount?.(1);
    await tf.setBackend("wasm");
    await tf.ready();
    const [x, y] = [tf.tensor2d(a, [n, n]), tf.tensor2d(b, [n, n])];
    return () => {
      const c = tf.matMul(x, y);
      const values = c.dataSync();
      c.dispose();
      return values.length;
    };
  },
};

/** `{ runs, missing }`: what is installed, ready to run, and the names of what is not. */
export async function peers(a, b, n) {
  const runs = {};
  const missing = [];
  for (const [name, prepare] of Object.entries(packages)) {
    try {
      runs[name] = await prepare(a, b, n);
      await runs[name]();
    } catch (error) {
      missing.push(
        /find|resolve/i.test(String(error?.message))
          ? name
          : `${name} (${String(error?.message ?? error)
              .split("\n")[0]
              .slice(0, 80)})`,
      );
    }
  }
  return { runs, missing };
}
