// The worker, as the page drives it: one cell at a time, and an end to one that does not end.
import type { ExplorableShown, ExplorableState, Recorded } from "../../lib/lecturePage.js";
import type { Answer, Order } from "../messages.js";
import type { Output } from "../run/runner.js";

/** What a page does with what its worker says. */
export interface Listener {
  output(cell: number, output: Output): void;
  checked(id: string, right: boolean): void;
  picture(id: number, shown: ExplorableShown): void;
}

/** How a run ended. */
export type Ending = "ok" | "failed" | "stopped";

/** Runs cells in a worker. */
export interface Kernel {
  run(cell: number, source: string): Promise<Ending>;
  say(cell: number, name: "hint" | "solution", id: string): void;
  /**
   * Asks for a picture; of questions that come while one is answered, only the last is asked. False where the worker
   * that showed the explorable has ended.
   */
  picture(id: number, state: ExplorableState): boolean;
  /** Ends the worker, whatever it does; the next order starts another, which has run nothing. */
  stop(): void;
  /** Measures with `program` from the next order on, in a new worker; without one, shows recorded runs. */
  measure(program: string | undefined): void;
}

/** More explorables than one worker shows. */
const perWorker = 1e6;

export function createKernel(program: string, records: readonly Recorded[], listener: Listener): Kernel {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  let worker: Worker | undefined;
  /** Of the worker that runs now. Explorables are numbered anew in each, and must not be mistaken for one another. */
  let generation = 0;
  let ended: ((ending: Ending) => void) | undefined;
  let asked: Extract<Order, { type: "picture" }> | undefined;
  let waiting: typeof asked;
  let measuring: string | undefined;
  const seen = (): void => {
    if (measuring !== undefined) worker?.postMessage({ type: "hidden", hidden: document.hidden } satisfies Order);
  };
  document.addEventListener("visibilitychange", seen);

  function started(): Worker {
    if (worker) return worker;
    const made = new Worker(address);
    made.addEventListener("message", ({ data }: MessageEvent<Answer>) => hear(data));
    made.postMessage({ type: "start", records } satisfies Order);
    worker = made;
    if (measuring !== undefined) made.postMessage({ type: "measure", program: measuring } satisfies Order);
    seen();
    return made;
  }

  const order = (what: Order): void => started().postMessage(what);

  function hear(answer: Answer): void {
    if (answer.type === "output") listener.output(answer.cell, numbered(answer.output));
    else if (answer.type === "checked") listener.checked(answer.id, answer.right);
    else if (answer.type === "done") ended?.(answer.ok ? "ok" : "failed");
    else {
      listener.picture(generation * perWorker + answer.id, answer.shown);
      asked = waiting;
      waiting = undefined;
      if (asked) order(asked);
    }
  }

  const numbered = (output: Output): Output =>
    output.kind === "explorable" ? { ...output, id: generation * perWorker + output.id } : output;

  function stop(): void {
    worker?.terminate();
    worker = undefined;
    generation++;
    asked = undefined;
    waiting = undefined;
    ended?.("stopped");
  }

  return {
    run: (cell, source) =>
      new Promise((resolve) => {
        ended = resolve;
        order({ type: "run", cell, source });
      }),
    say: (cell, name, id) => order({ type: "say", cell, name, id }),
    picture(id, state) {
      if (!worker || Math.floor(id / perWorker) !== generation) return false;
      const next = { type: "picture", id: id % perWorker, state } as const;
      if (asked) waiting = next;
      else order(next);
      asked ??= next;
      return true;
    },
    stop,
    measure(text) {
      stop();
      measuring = text;
    },
  };
}
