// A ceiling that a kernel beats was measured in a disturbed moment, or its formula is wrong. It is measured again and
// the better figure kept: only what is still beaten then says something about the formula.
import { bench, rates, touch } from "./curve.js";
import type { Machine } from "./machine.js";
import { nativeRoof } from "./peaks.js";
import type { RunOptions } from "./progress.js";

/** `machine` with the native roof of one thread measured once more, if it comes out higher. */
export async function raiseRoof(machine: Machine, { signal, now }: RunOptions = {}): Promise<Machine> {
  const again = (await nativeRoof(1, { seconds: 1.5, signal, now })) ?? 0;
  const { oneThread } = machine;
  const native = Math.max(oneThread.roofs.native ?? 0, again);
  return {
    ...machine,
    oneThread: {
      ...oneThread,
      roofs: { ...oneThread.roofs, native },
      peakFlops: { ...oneThread.peakFlops, fp32: Math.max(oneThread.peakFlops.fp32!, native) },
    },
  };
}

/** `machine` with one more point on its curve: all streams on one thread over `bytes`. */
export async function raiseBandwidth(machine: Machine, bytes: number, { now }: RunOptions = {}): Promise<Machine> {
  const b = await bench(Math.max(2 ** 20, Math.min(2 ** 29, bytes)), 1);
  try {
    touch(b, b.limit);
    return {
      ...machine,
      curve: [
        ...machine.curve,
        { bytes, threads: 1, ...rates(b, b.pools[0]!, Math.min(bytes, b.limit), { samples: 15, now }) },
      ],
    };
  } finally {
    b.close();
  }
}
