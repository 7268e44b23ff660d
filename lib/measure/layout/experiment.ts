// What every layout experiment shares: named walks timed against each other in shuffled rounds, and rows that a chart
// takes as they are.
import { workspace, workspaceBytes, type Floats, type Workspace } from "../../kernels/wasm/workspace.js";
import { fill } from "../../kernels/fill.js";
import type { Candidate } from "../candidate.js";
import { compare, type CompareOptions } from "../compare.js";

export type Language = "wasm" | "javascript";

/**
 * A time beside the time of the experiment's own reference. `ratio`: this time over the reference's, 1 or more is
 * slower; NaN when the machine was too noisy.
 */
export interface LayoutTiming {
  readonly seconds: number;
  readonly spread: number;
  readonly ratio: number;
}

/** The rows of an experiment and, in one sentence, why their ratios are missing when the machine was too noisy. */
export interface Experiment<Row> {
  readonly rows: readonly (Row & LayoutTiming)[];
  readonly refusal?: string;
}

/** The points of a sweep and, in one sentence, why they are not all, or must not be believed. */
export interface Sweep<Row> {
  readonly rows: readonly Row[];
  readonly refusal?: string;
}

/** A sweep that ends with `rows` of `wanted` points: a refusal where the budget ended before the sweep. */
export const sweepOf = <Row>(rows: readonly Row[], wanted: number, budgetSeconds: number): Sweep<Row> =>
  rows.length < wanted
    ? { rows, refusal: `the budget of ${budgetSeconds} s ended after ${rows.length} of ${wanted} points` }
    : { rows };

/**
 * Times `walks` (a row and its work each); the first of each language is that language's reference, unless `reference`
 * names another row.
 */
export async function experiment<Row extends { readonly language: Language }>(
  walks: readonly { readonly row: Row; readonly run: () => unknown }[],
  options: CompareOptions = {},
): Promise<Experiment<Row>> {
  const candidates: Record<string, Candidate> = Object.fromEntries(walks.map(({ run }, i) => [`${i}`, { run }]));
  const { rows, refusal } = await compare(candidates, {
    rounds: 9,
    budgetSeconds: 6,
    sampleSeconds: 1e-3,
    maxSpread: 0.35,
    ...options,
  });
  return {
    ...(refusal ? { refusal } : {}),
    rows: walks.map(({ row }, i) => {
      const reference = rows[walks.findIndex((other) => other.row.language === row.language)]!;
      const own = rows[i]!;
      return {
        ...row,
        seconds: own.seconds,
        spread: own.spread,
        ratio: refusal ? NaN : reference.speedup! / own.speedup!,
      };
    }),
  };
}

/** The same numbers in a workspace for WebAssembly and in an array of JavaScript's own. */
export interface Twin {
  readonly wasm: Floats;
  readonly javascript: Float32Array;
}

/** A workspace with one twin for each of `counts`. */
export function twins(...counts: number[]): { space: Workspace; arrays: Twin[] } {
  const space = workspace(workspaceBytes(...counts));
  return {
    space,
    arrays: counts.map((count, i) => {
      const wasm = space.floats(count);
      fill(wasm.values, i + 1);
      return { wasm, javascript: wasm.values.slice() };
    }),
  };
}
