// How busy others keep the processor while something is measured: the reason that a reader of a refused measurement
// wants to know.
import { host } from "../kernels/host/host.js";

/**
 * Starts watching; what comes back tells how many cores other processes have kept busy since, on average. 0 where the
 * system does not tell.
 */
export function otherWork(): () => number {
  const begin = { clock: performance.now(), busy: host().busy() };
  return () => {
    const wall = (performance.now() - begin.clock) / 1e3;
    const end = host().busy();
    if (begin.busy === undefined || end === undefined || wall <= 0) return 0;
    return Math.max(0, (end.all - begin.busy.all - (end.own - begin.busy.own)) / wall);
  };
}
