// Orders of the three loops of a matmul, and walks down a column at many row lengths: the same arithmetic, other
// neighbours.
import { positiveIntegers } from "../../check.js";
import * as walks from "../../kernels/walks.js";
import type { Loops } from "../../tensor/index.js";
import type { CompareOptions } from "../compare.js";
import { experiment, twins, type Experiment, type Language } from "./experiment.js";

/** A matmul with its loops in one order. */
export interface LoopOrderRow {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Loop variables, outermost first: "ijk". */
  readonly order: string;
  /** Values that the innermost loop moves in c, a, b. */
  readonly inner: readonly number[];
  /** FLOP of the product. */
  readonly flops: number;
}

/** C += A·B, n³ multiply-adds, in the six orders of its loops, scalar. `ratio` is over ijk. Seconds; one thread. */
export function measureLoopOrders({ n = 320, ...options }: { n?: number } & CompareOptions = {}): Promise<
  Experiment<LoopOrderRow>
> {
  positiveIntegers("measureLoopOrders", { n });
  const {
    space,
    arrays: [a, b, c],
  } = twins(n * n, n * n, n * n);
  return experiment<LoopOrderRow>(
    Object.entries(walks.loopOrders({ m: n, n, k: n })).flatMap(([order, steps]) => {
      const inner = [steps.c[2]!, steps.a[2]!, steps.b[2]!];
      const list = [...steps.sizes, ...steps.c, ...steps.a, ...steps.b] as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const row = (language: Language): LoopOrderRow => ({ language, order, inner, flops: 2 * n ** 3 });
      return [
        {
          row: row("wasm"),
          run: () => {
            c!.wasm.values.fill(0);
            space.kernels.nest(c!.wasm.at, a!.wasm.at, b!.wasm.at, ...list);
          },
        },
        {
          row: row("javascript"),
          run: () => {
            c!.javascript.fill(0);
            walks.nest(c!.javascript, a!.javascript, b!.javascript, steps);
          },
        },
      ];
    }),
    options,
  );
}

/** A column summed at one leading dimension, by loops that a cache model can predict. */
export interface ConflictRow extends Loops {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Values in a row, the leading dimension. */
  readonly leadingDimension: number;
  /** Rows of the matrix: values in the column. */
  readonly rows: number;
}

/**
 * Sums one column of a row-major matrix, over and over, at several leading dimensions. `rows` lines fit the first
 * cache, but when a row is a multiple of 4096 bytes they all map to the same few sets and push each other out. `ratio`
 * is over the first leading dimension.
 */
export function measureSetConflicts({
  rows = 256,
  leadingDimensions = [1040, 1008, 1023, 1025, 512, 1024, 2048],
  ...options
}: { rows?: number; leadingDimensions?: readonly number[] } & CompareOptions = {}): Promise<Experiment<ConflictRow>> {
  positiveIntegers("measureSetConflicts", {
    rows,
    ...Object.fromEntries(leadingDimensions.map((d) => [`leadingDimension ${d}`, d])),
  });
  const {
    space,
    arrays: [x],
  } = twins(rows * Math.max(...leadingDimensions));
  const passes = 50;
  const row = (language: Language, leadingDimension: number): ConflictRow => ({
    language,
    leadingDimension,
    rows,
    sizes: [passes, rows],
    strides: [0, leadingDimension],
  });
  return experiment<ConflictRow>(
    leadingDimensions.flatMap((leadingDimension) => [
      {
        row: row("wasm", leadingDimension),
        run: () => space.kernels.strided(x!.wasm.at, rows, leadingDimension, passes),
      },
      {
        row: row("javascript", leadingDimension),
        run: () => walks.strided(x!.javascript, 0, rows, leadingDimension, passes),
      },
    ]),
    { same: false, ...options },
  );
}
