// How busy others keep the processor while something is measured: the reason that a reader of a refused measurement
// wants to know.
import { cpus } from "node:os";

const busySeconds = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1e3;

const ownSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/**
 * Starts watching; what comes back tells how many cores other processes have kept busy since, on average. 0 where the
 * system does not tell.
 */
export function otherWork(): () => number {
  const begin = { clock: performance.now(), busy: busySeconds(), own: ownSeconds() };
  return () => {
    const wall = (performance.now() - begin.clock) / 1e3;
    const others = busySeconds() - begin.busy - (ownSeconds() - begin.own);
    return wall > 0 ? Math.max(0, others / wall) : 0;
  };
}
