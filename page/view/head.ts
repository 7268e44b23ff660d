// What the page says of the whole lecture: which cell runs, how to stop it, how many exercises are right.
import { button } from "./bar.js";

/** The row that stands above the lecture, and the one that shows while cells run. */
export interface Head {
  running(index: number, left: number): void;
  idle(): void;
  score(right: number, all: number): void;
  /** Whether measured cells show figures of this machine. */
  measures(here: boolean): void;
}

/** Milliseconds after which the reader is told how to end a cell. */
const patience = 1000;

export function createHead(): Head {
  const score = document.querySelector<HTMLElement>(".live .score");
  const strip = document.createElement("div");
  strip.className = "strip";
  strip.hidden = true;
  const text = document.createElement("span");
  text.setAttribute("role", "status");
  const clock = document.createElement("span");
  clock.setAttribute("aria-hidden", "true"); // a screen reader need not hear every second
  strip.append(text, clock, button("stop"));
  document.body.append(strip);
  let timer: ReturnType<typeof setInterval> | undefined;

  return {
    running(index, left) {
      clearInterval(timer);
      const began = performance.now();
      timer = setInterval(() => {
        const seconds = Math.floor((performance.now() - began) / 1000);
        strip.hidden = false;
        const more = left > 1 ? `, and ${left - 1} more wait for it` : "";
        const sentence = `Cell ${index + 1} is still running${more}. Stop ends it; your edits are kept.`;
        if (text.textContent !== sentence) text.textContent = sentence;
        clock.textContent = `${seconds} s`;
      }, patience);
    },
    idle() {
      clearInterval(timer);
      strip.hidden = true;
      text.textContent = "";
    },
    measures(here) {
      const measure = document.querySelector(".live [data-does=measure]");
      if (measure) measure.textContent = here ? "Show the recorded runs" : "Measure on this machine";
    },
    score(right, all) {
      if (!score) return;
      score.textContent = `${right} of ${all} exercises right`;
      score.parentElement!.querySelector<HTMLElement>("[data-does=forget]")!.hidden = right === 0;
    },
  };
}
