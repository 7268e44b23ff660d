// An explorable as a test moves it: settings by a chance that repeats, and its markup as a browser runs it.
import { JSDOM } from "jsdom";
import { statesOf, type Control, type ExplorableState } from "../../lib/lesson/controls.js";

/** `count` settings of `controls`, of all their values and ranges; the same ones each time. */
export function settings(controls: readonly Control[], count: number): ExplorableState[] {
  let seed = 1;
  const chance = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const pick = ({ values = [], range }: Control): string | number => {
    if (!range) return values[Math.floor(chance() * values.length)]!;
    const { min, max, scale } = range;
    return scale === "log" ? Math.round(min * (max / min) ** chance()) : min + Math.floor(chance() * (max - min + 1));
  };
  return Array.from({ length: count }, () =>
    Object.fromEntries(controls.map((control) => [control.name, pick(control)])),
  );
}

/** The markup in a page where scripts run, and how its controls are set. */
export function opened(html: string, controls: readonly Control[]) {
  const { window } = new JSDOM(`<!doctype html><body>${html}</body>`, { runScripts: "dangerously" });
  const root = window.document.querySelector("[role=group]")!;
  return {
    root,
    move(state: ExplorableState): void {
      controls.forEach((control, i) => {
        const field = root.querySelector<HTMLInputElement>(`[data-i="${i}"]`);
        if (!field) return;
        field.value = String(statesOf(control).indexOf(state[control.name]!));
        field.dispatchEvent(new window.Event("input"));
      });
    },
  };
}
