// Charts that the reader moves: a pure function of some controls. A live page draws every state when it is asked for; a
// notebook, where only a cell's own HTML can run, has some of the states drawn beforehand. The library draws both.
import { checkControls, firstState, inWords, type Control, type ExplorableState } from "./controls.js";
import { explorableHtml } from "./explorableHtml.js";
import {
  described,
  refusedBy,
  shownView,
  viewOf,
  type ExplorableDrawing,
  type ExplorableShown,
  type ExplorableView,
} from "./shown.js";

/** What an explorable is made of. */
export interface ExplorableSpec {
  /** What it is about, as text. */
  readonly title: string;
  /** What the reader sets; their states combine to at most 200. */
  readonly controls: readonly Control[];
  /**
   * What one state shows, from a value by the name of each control and from nothing else. A state that cannot be throws
   * a RangeError, whose line is shown in the pictures' place; the first state must be.
   */
  draw(state: ExplorableState): ExplorableDrawing;
}

/** Charts that the reader moves; `show` shows it. */
export interface Explorable {
  /** Tells it from a chart and from a table. */
  readonly kind: "explorable";
  /** What it is about, as text. */
  readonly title: string;
  /** What it and its first state show, in words. */
  readonly description: string;
  /** What the reader sets. */
  readonly controls: readonly Control[];
  /** What the controls are set to at first. */
  readonly first: ExplorableState;
  /** What one state shows. Throws a RangeError for one that cannot be. */
  view(state: ExplorableState): ExplorableView;
  /** One state drawn in `document`, for a host that moves it live; what cannot be is said in its sentence. */
  shown(state: ExplorableState, document: unknown): ExplorableShown;
  /** Markup that moves by itself, with its states drawn in `document`. */
  html(document: unknown): string;
}

export const isExplorable = (x: unknown): x is Explorable =>
  typeof x === "object" && x !== null && (x as Explorable).kind === "explorable";

/**
 * Charts by the controls' values. In a page that runs its cells every state is drawn when it is asked for; elsewhere
 * those of the controls' `states` (at most 200 combinations), with a script of a few lines that shows the chosen one.
 */
export function explorable({ title, controls, draw }: ExplorableSpec): Explorable {
  checkControls(controls);
  const view = (state: ExplorableState): ExplorableView => viewOf(draw(state));
  const first = firstState(controls);
  const shown = view(first);
  const said = controls.map(inWords).join("; ");
  return {
    kind: "explorable",
    title,
    controls,
    first,
    view,
    description: [`${title.replace(/[.?!]$/, "")}. ${said}.`, shown.sentence, described(shown.charts)]
      .filter(Boolean)
      .join(" "),
    shown(state, document) {
      try {
        return shownView(view(state), document, true);
      } catch (error) {
        return refusedBy(error);
      }
    },
    html: (document) => explorableHtml({ title, controls, view }, document),
  };
}
