// Arithmetic that touches no memory, as kernels: twelve chains in WebAssembly SIMD, eight in JavaScript.
import { positiveIntegers, record } from "../check.js";
import type { Op } from "../op.js";
import type { Kernel } from "./kernel.js";
import { pool, type Pool } from "./pool.js";
import { workspace } from "./wasm/workspace.js";

/** How much arithmetic a chain of multiply-adds does. */
export interface PeakShape {
  /** Multiply-adds in each chain. */
  steps: number;
  /** Threads that each run all chains; default 1. */
  threads?: number;
}

const wasmLanes = 12 * 4;
const javascriptLanes = 8;
// a·x + y tends to y / (1 - x) = 1: no overflow, no denormal, whatever the number of steps.
const x = 0.999;
const y = 0.001;
const start = 2;

function sizes(who: string, shape: PeakShape): Required<PeakShape> {
  record(who, "shape", shape);
  const { steps, threads = 1 } = shape;
  positiveIntegers(who, { steps, threads });
  return { steps, threads };
}

const op = (who: string, shape: PeakShape, lanes: number): Op => {
  const { steps, threads } = sizes(who, shape);
  return { kind: "chains", inputs: [], weights: [], outputs: [], macs: steps * lanes * threads, extras: {} };
};

/** fp32 multiply-adds in WebAssembly SIMD, fused where the engine can: 96 FLOP a step and thread. */
export const peakWasm: Kernel<PeakShape> = {
  name: "chains/wasm",
  engine: "wasm",
  stream: "read",
  op: (shape) => op("chains/wasm", shape, wasmLanes),
  async prepare(shape: PeakShape) {
    const { steps, threads } = sizes("chains/wasm", shape);
    return { steps, workers: await pool(workspace(65536), { threads }) };
  },
  run: ({ steps, workers }: { steps: number; workers: Pool }) => workers.run("chains", () => [steps, x, y, start])[0]!,
  release: ({ workers }: { workers: Pool }) => workers.close(),
};

/**
 * fp64 multiply-adds in plain JavaScript (numbers are fp64; rounding each to fp32 costs two conversions more): 16 FLOP
 * a step.
 */
export const peakJavascript: Kernel<PeakShape> = {
  name: "chains/javascript",
  engine: "javascript",
  stream: "read",
  op: (shape) => op("chains/javascript", { ...shape, threads: 1 }, javascriptLanes),
  prepare: (shape: PeakShape) => sizes("chains/javascript", shape).steps,
  run: (steps: number) => chains(steps, x, y, start),
};

function chains(steps: number, x: number, y: number, start: number): number {
  let a = start;
  let b = start;
  let c = start;
  let d = start;
  let e = start;
  let f = start;
  let g = start;
  let h = start;
  for (let i = 0; i < steps; i++) {
    a = a * x + y;
    b = b * x + y;
    c = c * x + y;
    d = d * x + y;
    e = e * x + y;
    f = f * x + y;
    g = g * x + y;
    h = h * x + y;
  }
  return a + b + c + d + e + f + g + h;
}
