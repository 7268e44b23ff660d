// ONNX Runtime, the one native library here. It is an optional dependency: everything else works without it, and
// `nativeMissing` says so in a sentence.
import { host } from "../host/host.js";
import { onnxModel, type Graph, type GraphTensor } from "./graph.js";

interface OrtTensor {
  readonly data: unknown;
  dispose?(): void;
}
interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Ort {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
  Tensor: new (type: string, data: Float32Array | BigInt64Array, dims: readonly number[]) => OrtTensor;
}

let runtime: Promise<Ort | string> | undefined;
let loadedBy: object | undefined;

/** ONNX Runtime, loaded once in each place; a sentence where it cannot be here. */
function load(): Promise<Ort | string> {
  if (loadedBy !== host()) runtime = undefined;
  loadedBy = host();
  runtime ??= loaded();
  return runtime;
}

async function loaded(): Promise<Ort | string> {
  const absent = "the optional package onnxruntime-node is not installed (npm install onnxruntime-node)";
  return ((await host().native()) as Ort | string | undefined) ?? `Native kernels are left out: ${absent}.`;
}

/** The sentence that stands where a native figure would, or undefined when ONNX Runtime is there. */
export async function nativeMissing(): Promise<string | undefined> {
  const found = await load();
  return typeof found === "string" ? found : undefined;
}

export interface NativeGraph {
  /** Runs the graph on its inputs; returns the first output (an integer output as numbers). */
  run(): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * A session for `graph` on `threads` threads, fed with `values` by input name. `optimise: false` keeps every node as
 * written. Idle threads do not spin: a spinning pool would take the cores from every other measurement. Throws an Error
 * when ONNX Runtime is absent.
 */
export async function nativeGraph(
  graph: Graph,
  values: Readonly<Record<string, Float32Array | BigInt64Array>>,
  { threads = 1, optimise = true }: { threads?: number; optimise?: boolean } = {},
): Promise<NativeGraph> {
  const ort = await load();
  if (typeof ort === "string") throw new Error(`nativeGraph: onnxruntime-node must be installed, got none`);
  const session = await ort.InferenceSession.create(onnxModel(graph), {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    graphOptimizationLevel: optimise ? "all" : "disabled",
    enableMemPattern: true,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape, type = "float" }: GraphTensor) => [
      name,
      new ort.Tensor(type === "float" ? "float32" : "int64", values[name]!, shape),
    ]),
  );
  const output = graph.outputs[0]!.name;
  return {
    async run() {
      const { data } = (await session.run(feeds))[output]!;
      return data instanceof Float32Array ? data : Float32Array.from(data as BigInt64Array, Number);
    },
    release: () => session.release(),
  };
}
