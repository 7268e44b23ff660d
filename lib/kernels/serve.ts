// One thread of a pool (pool.ts): waits for a round, runs the named kernel on its own arguments, reports, waits again.
// A host starts another thread from this function's own text, so it uses nothing but what it is handed: no import, no
// function of this file.

/** What a thread of a pool is handed. */
export interface Served {
  readonly module: object;
  readonly memory: object;
  /** Shared by all threads: the number of the round, who is still at work, which kernel. */
  readonly control: Int32Array;
  /** Shared by all threads, `width` for each: how many arguments, and which; then the result. */
  readonly values: Float64Array;
  readonly index: number;
  readonly width: number;
}

/** Serves until it is told to stop; calls `ready` before it first waits. */
export function serve({ module, memory, control, values, index, width }: Served, ready: () => void): void {
  const imported = { memory: memory as WebAssembly.Memory, abort() {} };
  const kernels = new WebAssembly.Instance(module as WebAssembly.Module, { env: imported }).exports;
  const [ROUND, PENDING, NAME] = [0, 1, 2] as const;
  const names = Object.keys(kernels);
  const stopped = -1;
  let seen = Atomics.load(control, ROUND);
  ready();
  for (;;) {
    // A short spin catches back-to-back rounds; after it the core is given back.
    for (let spin = 0; Atomics.load(control, ROUND) === seen; spin++)
      if (spin > 20_000) Atomics.wait(control, ROUND, seen);
    seen = Atomics.load(control, ROUND);
    const name = Atomics.load(control, NAME);
    if (name === stopped) break;
    const own = index * width;
    const count = values[own]!;
    let result: number;
    try {
      const kernel = kernels[names[name]!] as (...list: readonly number[]) => unknown;
      result = Number(kernel(...values.subarray(own + 1, own + 1 + count)) ?? 0);
    } catch {
      // A trap must not leave the other threads waiting.
      result = NaN;
    }
    values[own] = result;
    if (Atomics.sub(control, PENDING, 1) === 1) Atomics.notify(control, PENDING);
  }
}
