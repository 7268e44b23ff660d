// Measures the machine that it runs on, once, and says how far it is: in a worker, since the page must stay alive, and
// may not wait for other threads.
import { measureMachine, pageHidden } from "../../lib/measuring.js";
import type { Seen, Told } from "./messages.js";

const say = (told: Told): void => postMessage(told);
let begun = false;

async function begin(): Promise<void> {
  begun = true;
  try {
    const machine = await measureMachine({
      quick: true,
      onProgress: (progress) => say({ type: "progress", progress }),
    });
    say({ type: "done", machine });
  } catch (error) {
    say({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

addEventListener("message", ({ data: { hidden } }: MessageEvent<Seen>) => {
  pageHidden(hidden);
  if (!begun) void begin();
});
