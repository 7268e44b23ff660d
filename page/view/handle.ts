// The point of a picture that is dragged, by mouse, pen or finger: a round place over it. The keyboard has the control
// that it sets.
import type { ExplorablePlace, ExplorableShown } from "../../lib/lecturePage.js";

/** The handle of one picture. */
export interface Handle {
  readonly element: HTMLElement;
  /** Puts it over the place of `value`, or takes it away where there is nothing to drag. */
  show(drag: ExplorableShown["drag"], value: string | number | undefined): void;
}

/** A handle; `set` hears the value of the place that the pointer is nearest to. */
export function createHandle(set: (control: string, value: string | number) => void): Handle {
  const element = document.createElement("span");
  element.className = "handle";
  element.setAttribute("aria-hidden", "true");
  element.title = "Drag the point";
  element.hidden = true;
  let now: ExplorableShown["drag"];

  function drag(event: PointerEvent): void {
    if (!now || !element.hasPointerCapture(event.pointerId)) return;
    const box = element.parentElement!.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * now.width;
    const y = ((event.clientY - box.top) / box.height) * now.height;
    set(now.control, nearest(now.track, x, y).value);
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", drag);
  return {
    element,
    show(shown, value): void {
      now = shown;
      const at = shown?.track.find((place) => place.value === value) ?? (shown && between(shown.track, Number(value)));
      element.hidden = !at;
      if (!shown || !at) return;
      element.style.left = `${(100 * at.x) / shown.width}%`;
      element.style.top = `${(100 * at.y) / shown.height}%`;
    },
  };
}

type Track = readonly ExplorablePlace[];

function nearest(track: Track, x: number, y: number): ExplorablePlace {
  const far = (place: ExplorablePlace): number => Math.hypot(place.x - x, place.y - y);
  return track.reduce((best, place) => (far(place) < far(best) ? place : best));
}

/** The last place of a rising track that is not beyond `value`. */
const between = (track: Track, value: number): ExplorablePlace | undefined =>
  track.filter((place) => Number(place.value) <= value).at(-1);
