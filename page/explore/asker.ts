// The worker, as the page asks it: one question at a time, of those that wait the last. A question that takes long ends
// with its worker when another comes.
import type { Question, Report } from "./messages.js";

/** What a worker says. */
export interface Said {
  readonly report?: Report;
  /** It fell over. */
  readonly failed?: string;
}

/** Milliseconds after which a newer question is not kept waiting. */
const patience = 1500;

/** Asks, and hears of the last question's answer only. */
export function createAsker(program: string, hear: (said: Said) => void): (question: Question) => void {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  let worker: Worker | undefined;
  let began: number | undefined;
  let waiting: Question | undefined;

  function started(): Worker {
    if (worker) return worker;
    const made = new Worker(address);
    made.addEventListener("message", ({ data }: MessageEvent<Said>) => done(data));
    made.addEventListener("error", (event) => {
      event.preventDefault();
      stop();
      done({ failed: event.message || "the worker ended" });
    });
    worker = made;
    return made;
  }

  function stop(): void {
    worker?.terminate();
    worker = undefined;
  }

  function done(said: Said): void {
    began = undefined;
    const next = waiting;
    waiting = undefined;
    if (next) ask(next);
    else hear(said);
  }

  function ask(question: Question): void {
    if (began !== undefined && performance.now() - began < patience) {
      waiting = question;
      return;
    }
    if (began !== undefined) stop();
    waiting = undefined;
    began = performance.now();
    started().postMessage(question);
  }

  return ask;
}
