// Clocks for tests of what measures, so that none needs real time.
import type { Result } from "../../lib/kernels/kernel.js";

/** A clock that each reading moves on: seconds that grow by what `step` gives at each reading. */
export function clock(step: () => number = () => 1e-3): () => number {
  let time = 0;
  return () => {
    time += step();
    return time;
  };
}

/** A clock that moves only when work is done on it, and work that takes as long as it says. */
export function laboratory() {
  let time = 0;
  return {
    now: () => time,
    takes:
      (seconds: number | (() => number), result: Result = 0) =>
      () => {
        time += typeof seconds === "number" ? seconds : seconds();
        return result;
      },
  };
}
