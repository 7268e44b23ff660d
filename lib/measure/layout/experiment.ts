// What every layout experiment shares: named walks timed against each other in shuffled rounds, and rows that a chart
// takes as they are.
import { workspace, workspaceBytes, type Floats, type Workspace } from "../../kernels/wasm/workspace.js";
import { fill } from "../../kernels/fill.js";
import type { Candidate } from "../candidate.js";
import { compare, type CompareOptions } from "../compare.js";

/** What runs the loops of an experiment. */
export type Language = "wasm" | "javascript";

/** A time beside the time of the experiment's own reference. */
export interface LayoutTiming {
  /** Median seconds for one run. */
  readonly seconds: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
  /** This time over the reference's, above 1 is slower; NaN when the machine was too noisy. */
  readonly ratio: number;
}

/** What an experiment found. */
export interface Experiment<Row> {
  /** Its variants, each with its time. */
  readonly rows: readonly (Row & LayoutTiming)[];
  /** In one sentence, why ratios are missing; absent when the machine was quiet enough. */
  readonly refusal?: string;
}

/** What a sweep found. */
export interface Sweep<Row> {
  /** Its points. */
  readonly rows: readonly Row[];
  /** In one sentence, why the points are not all, or must not be believed; absent when they are sound. */
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
