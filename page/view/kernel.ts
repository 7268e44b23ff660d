// The worker, as the page drives it: one cell at a time, and an end to one that does not end.
import type { Recorded } from "../../lib/browser.js";
import type { Answer, Order } from "../messages.js";
import type { Output } from "../run/runner.js";

/** What a page does with what its worker says. */
export interface Listener {
  output(cell: number, output: Output): void;
  checked(id: string, right: boolean): void;
  picture(id: number, svg: string): void;
}

/** How a run ended. */
export type Ending = "ok" | "failed" | "stopped";

/** Runs cells in a worker. */
export interface Kernel {
  run(cell: number, source: string): Promise<Ending>;
  say(cell: number, name: "hint" | "solution", id: string): void;
  /** Asks for a picture; of questions that come while one is answered, only the last is asked. */
  picture(id: number, state: Record<string, string | number>): void;
  /** Ends the worker, whatever it does; the next order starts another, which has run nothing. */
  stop(): void;
}

export function createKernel(program: string, records: readonly Recorded[], listener: Listener): Kernel {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  let worker: Worker | undefined;
  let ended: ((ending: Ending) => void) | undefined;
  let asked: Extract<Order, { type: "picture" }> | undefined;
  let waiting: typeof asked;

  function started(): Worker {
    if (worker) return worker;
    const made = new Worker(address);
    made.addEventListener("message", ({ data }: MessageEvent<Answer>) => hear(data));
    made.postMessage({ type: "start", records } satisfies Order);
    worker = made;
    return made;
  }

  const order = (what: Order): void => started().postMessage(what);

  function hear(answer: Answer): void {
    if (answer.type === "output") listener.output(answer.cell, answer.output);
    else if (answer.type === "checked") listener.checked(answer.id, answer.right);
    else if (answer.type === "done") ended?.(answer.ok ? "ok" : "failed");
    else {
      listener.picture(answer.id, answer.svg);
      asked = waiting;
      waiting = undefined;
      if (asked) order(asked);
    }
  }

  return {
    run: (cell, source) =>
      new Promise((resolve) => {
        ended = resolve;
        order({ type: "run", cell, source });
      }),
    say: (cell, name, id) => order({ type: "say", cell, name, id }),
    picture(id, state) {
      const next = { type: "picture", id, state } as const;
      if (asked) waiting = next;
      else order(next);
      asked ??= next;
    },
    stop() {
      worker?.terminate();
      worker = undefined;
      asked = undefined;
      waiting = undefined;
      ended?.("stopped");
    },
  };
}
