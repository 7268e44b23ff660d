// The machine in front of the reader as a Device, measured in a worker of its own. The worker's program stands in the
// page as packed text (page/dist/machine.txt); the page's policy allows workers from blobs, and WebAssembly.
import type { Machine, Progress } from "../../lib/measuring.js";
import { program as programOf } from "../program.js";
import type { Seen, Told } from "./messages.js";

/** Where the program is, and what ends it early. */
export interface MeasureOptions {
  /** The element that holds the worker's program, packed; default "live-machine". */
  readonly id?: string;
  /** Ends the measurement when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Measures this machine in about ten seconds (longer by a coarse clock): a Device with its levels, the roofs of its
 * engines, its curve, and in `notes` what a page cannot measure. `onProgress` hears how far it is. Rejects with one
 * sentence where the figures must not be believed, as when the page was hidden meanwhile, or where none can be had.
 */
export async function measureThisMachine(
  onProgress: (progress: Progress) => void = () => {},
  { id = "live-machine", signal }: MeasureOptions = {},
): Promise<Machine> {
  const program = await programOf(id);
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(address);
  const seen = (): void => worker.postMessage({ hidden: document.hidden } satisfies Seen);
  document.addEventListener("visibilitychange", seen);
  try {
    return await new Promise<Machine>((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
      worker.addEventListener("error", (event) => reject(new Error(`this page could not measure: ${event.message}`)));
      worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
        if (data.type === "progress") onProgress(data.progress);
        else if (data.type === "failed") reject(new Error(data.message));
        else if (data.machine.refusal !== undefined) reject(new Error(data.machine.refusal));
        else resolve(data.machine);
      });
      seen();
    });
  } finally {
    document.removeEventListener("visibilitychange", seen);
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
