// One worker of a pool (pool.ts): waits for a round, runs the named kernel on its own arguments, reports, waits again.
// Plain JavaScript, because a worker is loaded from a file and the sources of this library may be TypeScript in memory.
import { parentPort, workerData } from "node:worker_threads";

const { module, memory, control, values, index, width } = workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports;
const [ROUND, PENDING, NAME] = [0, 1, 2];
const names = Object.keys(kernels);
const stopped = -1;
let seen = Atomics.load(control, ROUND);
parentPort.postMessage("ready");

for (;;) {
  // A short spin catches back-to-back rounds; after it the core is given back.
  for (let spin = 0; Atomics.load(control, ROUND) === seen; spin++)
    if (spin > 20_000) Atomics.wait(control, ROUND, seen);
  seen = Atomics.load(control, ROUND);
  const name = Atomics.load(control, NAME);
  if (name === stopped) break;
  const own = index * width;
  const count = values[own];
  let result;
  try {
    result = Number(kernels[names[name]](...values.subarray(own + 1, own + 1 + count)) ?? 0);
  } catch {
    // A trap must not leave the other threads waiting.
    result = NaN;
  }
  values[own] = result;
  if (Atomics.sub(control, PENDING, 1) === 1) Atomics.notify(control, PENDING);
}
