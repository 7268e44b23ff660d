// A button that runs a control through its values, for a reader who has not asked for less motion.
import type { Control } from "../../lib/lecturePage.js";

/** The button of one control. */
export interface Player {
  readonly element: HTMLElement;
  stop(): void;
}

/** Milliseconds between two values: each is drawn before the next is asked for. */
const pace = 90;

/** Runs `control` to its last value, from its first where it stands there already. */
export function createPlayer(
  { name, label, values = [], range }: Control,
  now: () => string | number,
  set: (name: string, value: string | number) => void,
): Player {
  const all = range ? Array.from({ length: range.max - range.min + 1 }, (_, i) => range.min + i) : values;
  const button = document.createElement("button");
  button.type = "button";
  button.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let timer = 0;

  function say(word: string): void {
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${label}`);
  }

  function stop(): void {
    clearInterval(timer);
    timer = 0;
    say("Play");
  }

  function step(): void {
    const next = all.indexOf(now()) + 1;
    // A cell that is run again takes its button away.
    if (next >= all.length || !button.isConnected) stop();
    else set(name, all[next]!);
  }

  button.addEventListener("click", () => {
    if (timer) return stop();
    if (now() === all.at(-1)) set(name, all[0]!);
    say("Stop");
    timer = window.setInterval(step, pace);
  });
  stop();
  return { element: button, stop };
}
