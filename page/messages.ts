// What a page and its worker say to each other.
import type { ExplorableShown, ExplorableState, Recorded } from "../lib/lecturePage.js";
import type { Output } from "./run/runner.js";

/** From the page. */
export type Order =
  | { readonly type: "start"; readonly records: readonly Recorded[] }
  | { readonly type: "run"; readonly cell: number; readonly source: string }
  /** Measures with this program of the page from now on. */
  | { readonly type: "measure"; readonly program: string }
  /** Whether the page is hidden, where it measures. */
  | { readonly type: "hidden"; readonly hidden: boolean }
  | { readonly type: "say"; readonly cell: number; readonly name: "hint" | "solution"; readonly id: string }
  | { readonly type: "picture"; readonly id: number; readonly state: ExplorableState };

/** From the worker. */
export type Answer =
  | { readonly type: "output"; readonly cell: number; readonly output: Output }
  | { readonly type: "done"; readonly cell: number; readonly ok: boolean }
  | { readonly type: "checked"; readonly id: string; readonly right: boolean }
  | { readonly type: "picture"; readonly id: number; readonly shown: ExplorableShown };
