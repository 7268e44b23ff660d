// One line that says how far a measurement is. A notebook gets one output that is replaced, at most ten times a second.
import { display, inNotebook } from "./display.js";

let count = 0;

/** Tells the lines of several kernels apart; a page has but one. */
const pid = (): number => (typeof process === "undefined" ? 0 : (process.pid ?? 0));

/** One line below a cell that says how far something is. */
export interface ProgressLine {
  /** Replaces the line; `share` of the work done, 0 to 1, draws a bar. */
  update(text: string, share?: number): void;
  /** Ends the line; default text "done". */
  done(text?: string): void;
  /** As measurements call it: `fraction` of the work done, 0 to 1, and what is being measured. */
  onProgress(progress: { fraction: number; message: string }): void;
}

/**
 * `update(text, share)` replaces the line; `done(text)` ends it. Without a notebook only the last text is printed, to
 * stderr. Times come from `now`, in seconds.
 */
export function progress(
  title: string,
  { now = () => performance.now() / 1e3 }: { now?: () => number } = {},
): ProgressLine {
  const id = `progress-${pid()}-${++count}`;
  let started = false;
  let last = -Infinity;
  const send = (text: string): void => {
    display({ "text/plain": text }, { id, update: started });
    started = true;
  };
  const bar = (share: number): string => `${"█".repeat(Math.round(share * 20)).padEnd(20, "░")} `;
  const line: ProgressLine = {
    update(text, share) {
      if (!inNotebook() || now() - last < 0.1) return;
      last = now();
      send(`${title}: ${share === undefined ? "" : bar(Math.min(1, Math.max(0, share)))}${text}`);
    },
    done(text = "done") {
      if (inNotebook()) send(`${title}: ${text}`);
      else console.error(`${title}: ${text}`);
    },
    onProgress({ fraction, message }) {
      if (fraction >= 1) line.done(message);
      else line.update(message, fraction);
    },
  };
  return line;
}
