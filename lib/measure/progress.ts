// How a long measurement speaks while it runs, and how it is stopped: at most ten reports a second, a pause for the
// event loop, an abort signal, a budget.
import { host } from "../kernels/host/host.js";

/** How far a measurement is. */
export interface Progress {
  /** Of the work done, 0 to 1. */
  readonly fraction: number;
  /** What is being measured. */
  readonly message: string;
  /** Since the start. */
  readonly seconds: number;
}

/** What stops a measurement: an AbortSignal, or a flag of one's own. */
export interface Signal {
  /** Whether to stop. */
  readonly aborted: boolean;
  /** What is thrown then, where it is an Error; else one of the library's own. */
  readonly reason?: unknown;
}

/** How a long measurement speaks and is stopped. */
export interface RunOptions {
  /** Called at most ten times a second, and at the end; default nobody. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops it; default nothing does. */
  readonly signal?: Signal;
  /** Seconds after which no new round begins. */
  readonly budgetSeconds?: number;
  /** Seconds since any moment; tests hand in their own. */
  readonly now?: () => number;
}

export const wallClock = (): number => performance.now() / 1e3;

/** `onProgress`, called at most ten times a second, and always for the last report (fraction 1). */
export function reporter({ onProgress, now = wallClock }: RunOptions): (fraction: number, message: string) => void {
  if (!onProgress) return () => {};
  const start = now();
  let last = -Infinity;
  return (fraction, message) => {
    const seconds = now() - start;
    if (fraction < 1 && seconds - last < 0.1) return;
    last = seconds;
    onProgress({ fraction, message, seconds });
  };
}

/** Lets the event loop turn, so that an interrupt or a message arrives, then throws if the measurement was aborted. */
export async function pause(signal?: Signal): Promise<void> {
  await host().turn();
  stopIfAborted(signal);
}

export function stopIfAborted(signal?: Signal): void {
  if (!signal?.aborted) return;
  if (signal.reason instanceof Error) throw signal.reason;
  throw Object.assign(new Error("measure: stopped before the end"), { name: "AbortError" });
}
