// A layer as a native kernel. The output is not handed out: fresh memory for it would cost more than many layers do (a
// page fault for every 4 KiB). The graph runs the op and returns only the output's shape; the buffer stays the
// runtime's own and is used again.
import type { Op } from "../../op.js";
import type { Kernel, Stream } from "../kernel.js";
import { cores } from "../pool.js";
import type { Graph, GraphNode, GraphTensor } from "./graph.js";
import { nativeGraph, type NativeGraph } from "./session.js";

/**
 * What a layer is as a graph: its inputs with their values, its constants, and its nodes, which end in `output`; inner
 * names start with `prefix`. `chained`: its output may be its own input, and `nodes` reads the tensor `from`.
 */
export interface LayerGraph {
  readonly inputs: readonly (GraphTensor & { readonly values: Float32Array | BigInt64Array })[];
  readonly constants?: Graph["constants"];
  readonly outputShape: readonly number[];
  readonly chained?: boolean;
  nodes(prefix: string, output: string, from?: string): GraphNode[];
}

interface Args {
  readonly many: NativeGraph;
  readonly one?: NativeGraph;
  readonly repeats: number;
  readonly answer: () => Promise<Float32Array>;
}

const slopeRepeats = 4;
/** Above this many multiply-adds a call costs too little beside the op to be worth taking off. */
const longRun = 2e8;

/**
 * The graph that runs `layer` `times` times over on the same inputs and returns the last output's shape. Inputs are no
 * buffers of the runtime's: nothing is in place.
 */
function repeated({ inputs, constants, nodes, chained }: LayerGraph, times: number): Graph {
  const names = Array.from({ length: times }, (_, i) => `y${i}`);
  const seen = chained ? names.slice(-1) : names;
  return {
    nodes: names.flatMap((output, i) => [
      ...nodes(`n${i}`, output, chained && i > 0 ? names[i - 1] : undefined),
      ...(seen.includes(output) ? [{ op: "Shape", inputs: [output], outputs: [`shape of ${output}`] }] : []),
    ]),
    inputs: inputs.map((input) => ({ ...input, open: true })),
    constants,
    outputs: seen.map((output) => ({ name: `shape of ${output}`, shape: [1], type: "int64" as const, open: true })),
  };
}

/**
 * A native kernel of a layer on `threads` threads (1 unless told otherwise), by the slope method unless a run is long.
 */
export function layer<Shape>(
  name: string,
  {
    stream,
    op,
    graph,
    threads = 1,
  }: { stream: Stream; op: (shape: Shape) => Op; graph: (shape: Shape) => LayerGraph; threads?: number | "all" },
): Kernel<Shape, Args> {
  const count = (): number => (threads === "all" ? cores() : threads);
  return {
    name,
    engine: "native",
    stream,
    op,
    get threads() {
      return count();
    },
    async prepare(shape) {
      const own = graph(shape);
      const values = Object.fromEntries(own.inputs.map((input) => [input.name, input.values]));
      const long = op(shape).macs > longRun;
      // Equal nodes on equal inputs would be merged: they run as they are written, without optimisation. A chain has
      // none.
      const session = (times: number): Promise<NativeGraph> =>
        nativeGraph(repeated(own, times), values, { threads: count(), optimise: long || own.chained === true });
      return {
        many: await session(long ? 1 : 1 + slopeRepeats),
        ...(long ? {} : { one: await session(1) }),
        repeats: slopeRepeats,
        async answer() {
          const whole = await nativeGraph(
            {
              nodes: own.nodes("n", "y"),
              inputs: own.inputs,
              constants: own.constants,
              outputs: [{ name: "y", shape: own.outputShape }],
            },
            values,
            { threads: count() },
          );
          try {
            return (await whole.run()).slice();
          } finally {
            await whole.release();
          }
        },
      };
    },
    run: ({ many }) => many.run(),
    slope: ({ one, repeats }) => (one ? { baseline: () => one.run(), repeats } : undefined),
    answer: ({ answer }) => answer(),
    async release({ many, one }) {
      await many.release();
      await one?.release();
    },
  };
}
