// Copying a matrix into its transpose: the same bytes in the same two arrays, in five orders.
import { positiveIntegers } from "../../check.js";
import * as walks from "../../kernels/walks.js";
import type { CompareOptions } from "../compare.js";
import { experiment, twins, type Experiment, type Language } from "./experiment.js";

/** A transpose by one method. */
export interface TransposeRow {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** In which order the matrix is walked through. */
  readonly method: "copy" | "naive, reads rows" | "naive, writes rows" | "tiled" | "SIMD tiles";
  /** Read and written. */
  readonly bytes: number;
}

/**
 * Transposes [rows, columns] fp32 naively, in tiles of `tile`, and in SIMD tiles of 64 with four by four values turned
 * in registers; a plain copy is the reference. A power of two in the sizes costs more: the lines of a column then share
 * few cache sets. Seconds; one thread.
 */
export function measureTransposes({
  rows = 2048,
  columns = 2048,
  tile = 16,
  ...options
}: { rows?: number; columns?: number; tile?: number } & CompareOptions = {}): Promise<Experiment<TransposeRow>> {
  positiveIntegers("measureTransposes", { rows, columns, tile });
  const {
    space: { kernels },
    arrays: [x, y],
  } = twins(rows * columns, rows * columns);
  const from = x!.wasm.at;
  const to = y!.wasm.at;
  const bytes = 8 * rows * columns;
  const row = (language: Language, method: TransposeRow["method"]): TransposeRow => ({ language, method, bytes });
  return experiment<TransposeRow>(
    [
      { row: row("wasm", "copy"), run: () => kernels.copy(to, from, rows * columns, 1) },
      { row: row("wasm", "naive, reads rows"), run: () => kernels.transposeByRows(to, from, rows, columns) },
      { row: row("wasm", "naive, writes rows"), run: () => kernels.transposeByColumns(to, from, rows, columns) },
      { row: row("wasm", "tiled"), run: () => kernels.transposeTiled(to, from, rows, columns, tile) },
      { row: row("wasm", "SIMD tiles"), run: () => kernels.transposeSimd(to, from, rows, columns, 64) },
      { row: row("javascript", "copy"), run: () => y!.javascript.set(x!.javascript) },
      {
        row: row("javascript", "naive, reads rows"),
        run: () => walks.transposeByRows(y!.javascript, x!.javascript, rows, columns),
      },
      {
        row: row("javascript", "naive, writes rows"),
        run: () => walks.transposeByColumns(y!.javascript, x!.javascript, rows, columns),
      },
      {
        row: row("javascript", "tiled"),
        run: () => walks.transposeTiled(y!.javascript, x!.javascript, rows, columns, tile),
      },
    ],
    { same: false, ...options },
  );
}
