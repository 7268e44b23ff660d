// Linear memory with the compiled kernels (dist/modules.ts, which ../build.mjs makes) on it. Chooses fused multiply-add
// where the engine has relaxed SIMD (Node 22 and newer), and memory of its own where none can be shared.
import { positiveIntegers } from "../../check.js";
import { host } from "../host/host.js";
import { MeasurementRefused } from "../refused.js";
import { plain, relaxed } from "./dist/modules.js";

/** The functions of wasm/*.as.ts. Addresses are byte offsets into the workspace's memory. */
export interface KernelExports {
  read(x: number, n: number, rep: number, zero: number): number;
  lines(x: number, n: number, rep: number, zero: number): number;
  copy(y: number, x: number, n: number, rep: number, straight?: number): void;
  triad(z: number, x: number, y: number, n: number, scale: number, rep: number, straight?: number): void;
  update(x: number, n: number, scale: number, rep: number): void;
  copyLines(y: number, x: number, n: number, rep: number): void;
  triadLines(z: number, x: number, y: number, n: number, scale: number, rep: number): void;
  updateLines(x: number, n: number, scale: number, rep: number): void;
  chase(start: number, steps: number): number;
  chaseMany(slots: number, chains: number, steps: number): number;
  multiplyAdds(x: number, n: number, steps: number, a: number, b: number): void;
  scale(x: number, n: number, factor: number): void;
  addBias(x: number, n: number, bias: number): void;
  rectify(x: number, n: number, zero: number): void;
  scaleBiasRelu(x: number, n: number, factor: number, bias: number, zero: number): void;
  chains(steps: number, x: number, y: number, start: number): number;
  matmul(
    c: number,
    a: number,
    b: number,
    rowBegin: number,
    rowEnd: number,
    n: number,
    k: number,
    packA: number,
    packB: number,
    tile: number,
    depthBlock: number,
    rowBlock: number,
    zero: number,
  ): void;
  strided(x: number, n: number, stride: number, rep: number): number;
  sum3(x: number, n0: number, n1: number, n2: number, s0: number, s1: number, s2: number): number;
  transposeByRows(y: number, x: number, rows: number, columns: number): void;
  transposeByColumns(y: number, x: number, rows: number, columns: number): void;
  transposeTiled(y: number, x: number, rows: number, columns: number, tile: number): void;
  transposeSimd(y: number, x: number, rows: number, columns: number, tile: number): void;
  nest(
    c: number,
    a: number,
    b: number,
    n0: number,
    n1: number,
    n2: number,
    c0: number,
    c1: number,
    c2: number,
    a0: number,
    a1: number,
    a2: number,
    b0: number,
    b1: number,
    b2: number,
  ): void;
  count(counter: number, steps: number): number;
}

/** fp32 values in a workspace: `at` is the byte address that kernels take. */
export interface Floats {
  readonly at: number;
  readonly values: Float32Array;
}

/**
 * A linear memory, shared where it can be, the kernels on it and an allocator that never frees: drop the whole to give
 * it back.
 */
export interface Workspace {
  readonly kernels: KernelExports;
  /** The compiled module and the memory, for who hands them to a worker. */
  readonly module: object;
  readonly memory: object;
  /**
   * `count` zeroed fp32 values, starting on a cache line and padded off powers of two, so that arrays do not collide in
   * one cache set.
   */
  floats(count: number): Floats;
}

const page = 65536,
  pad = 4096 + 256;
let compiled: { module: WebAssembly.Module; fused: boolean; shared: boolean } | undefined;

/** The import of the memory as the modules have it: env, memory, a memory that is shared and has a maximum. */
const sharedMemory = "\x03env\x06memory\x02\x03";

/** The bytes of a module, whose memory is its own unless `shared`. */
function bytesOf(base64: string, shared: boolean): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const own = shared ? text : text.replace(sharedMemory, `${sharedMemory.slice(0, -1)}\x01`);
  return Uint8Array.from(own, (letter) => letter.charCodeAt(0));
}

function compile(): { module: WebAssembly.Module; fused: boolean } {
  const { shares: shared } = host();
  if (compiled?.shared === shared) return compiled;
  const best = bytesOf(relaxed, shared);
  const fused = WebAssembly.validate(best);
  compiled = { module: new WebAssembly.Module(fused ? best : bytesOf(plain, shared)), fused, shared };
  return compiled;
}

/** Whether this engine runs the fused multiply-add of relaxed SIMD; otherwise the kernels multiply, then add. */
export const fusedMultiplyAdd = (): boolean => compile().fused;

/** Bytes that arrays of `counts` values take in a workspace, padding included. */
export const workspaceBytes = (...counts: number[]): number =>
  page + counts.reduce((sum, n) => sum + Math.ceil(n / 16) * 64 + pad, 0);

/**
 * A workspace that can hold `bytes` (see `workspaceBytes`). Memory is reserved at once and occupied on first touch.
 * Throws a RangeError above 4 GiB, the reach of a 32-bit address, and MeasurementRefused when the system has not the
 * memory.
 */
export function workspace(bytes: number): Workspace {
  positiveIntegers("workspace", { bytes });
  const pages = Math.ceil(bytes / page);
  if (pages > 65536) throw new RangeError(`workspace: bytes must be at most ${65536 * page}, got ${bytes}`);
  const { module } = compile();
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: host().shares });
  } catch {
    throw new MeasurementRefused(`workspace: the system must have ${bytes} bytes to give, got none`);
  }
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory,
      abort() {
        throw new Error("internal: a WebAssembly kernel aborted");
      },
    },
  });
  let next = page; // the first page is left to the compiler's static data
  return {
    kernels: instance.exports as unknown as KernelExports,
    module,
    memory,
    floats(count) {
      positiveIntegers("workspace", { count });
      const at = next,
        end = at + count * 4;
      if (end > pages * page) throw new RangeError(`workspace: arrays must fit ${pages * page} bytes, got ${end}`);
      next = Math.ceil(end / 64) * 64 + pad;
      return { at, values: new Float32Array(memory.buffer, at, count) };
    },
  };
}
