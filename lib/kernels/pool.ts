// The same kernel on several threads over one memory. The calling thread is worker 0, so that T threads use T cores and
// none waits idle.
import { positiveIntegers } from "../check.js";
import { host } from "./host/host.js";
import { MeasurementRefused } from "./refused.js";
import type { KernelExports, Workspace } from "./wasm/workspace.js";

/** Cores that this program may use. */
export const cores = (): number => host().threads;

/** Threads bound to one workspace. A round costs about 20 µs: kernels of a millisecond and more can be timed. */
export interface Pool {
  readonly threads: number;
  /**
   * Runs kernel `name` once on every thread, with the arguments that `argumentsOf(thread)` gives; returns what each
   * returned.
   */
  run<Name extends keyof KernelExports>(
    name: Name,
    argumentsOf: (thread: number) => Parameters<KernelExports[Name]>,
  ): number[];
  close(): void;
}

const width = 16;
const stopped = -1;
const [ROUND, PENDING, NAME] = [0, 1, 2] as const;

/**
 * A pool of `threads` threads (default: all cores) on `space`. Close it, or its workers wait until the process ends.
 * Throws MeasurementRefused for several where no memory is shared.
 */
export async function pool(space: Workspace, { threads = cores() }: { threads?: number } = {}): Promise<Pool> {
  positiveIntegers("pool", { threads });
  const { shares, thread: start } = host();
  if (threads > 1 && !shares)
    throw new MeasurementRefused(`pool: threads must be 1 where they share no memory, got ${threads}`);
  const buffer = (bytes: number): ArrayBuffer =>
    (threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)) as ArrayBuffer;
  const control = new Int32Array(buffer(64));
  const values = new Float64Array(buffer(8 * width * threads));
  const names = Object.keys(space.kernels) as (keyof KernelExports)[];
  const { module, memory } = space;
  await Promise.all(
    Array.from({ length: threads - 1 }, (_, i) => start({ module, memory, control, values, index: i + 1, width })),
  );
  return {
    threads,
    run(name, argumentsOf) {
      for (let t = 1; t < threads; t++) {
        const list = argumentsOf(t) as readonly number[];
        values[t * width] = list.length;
        values.set(list, t * width + 1);
      }
      if (threads > 1) {
        Atomics.store(control, NAME, names.indexOf(name));
        Atomics.store(control, PENDING, threads - 1);
        Atomics.add(control, ROUND, 1);
        Atomics.notify(control, ROUND);
      }
      const kernel = space.kernels[name] as (...list: readonly number[]) => unknown;
      const own = kernel(...(argumentsOf(0) as readonly number[]));
      waitForZero(control, PENDING);
      return [Number(own) || 0, ...Array.from({ length: threads - 1 }, (_, i) => values[(i + 1) * width]!)];
    },
    close() {
      if (threads === 1) return;
      Atomics.store(control, NAME, stopped);
      Atomics.add(control, ROUND, 1);
      Atomics.notify(control, ROUND);
    },
  };
}

/** Spins for a short while, which is quickest, and then sleeps until `control[index]` is 0. */
function waitForZero(control: Int32Array, index: number): void {
  let left = Atomics.load(control, index);
  for (let spin = 0; left > 0; spin++) {
    if (spin > 20_000) Atomics.wait(control, index, left, 100);
    left = Atomics.load(control, index);
  }
}

/**
 * The part of `n` items that falls to `thread`: begins and ends on a multiple of `grain`, the last thread takes the
 * rest.
 */
export function share(n: number, threads: number, thread: number, grain = 1): { begin: number; end: number } {
  const blocks = Math.ceil(n / grain);
  const at = (t: number): number => Math.min(n, Math.floor((blocks * t) / threads) * grain);
  return { begin: at(thread), end: thread === threads - 1 ? n : at(thread + 1) };
}
