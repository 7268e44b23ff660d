// What a page and the worker that measures for it say to each other.
import type { Machine, Progress } from "../../lib/measuring.js";

/** From the page: whether it is hidden; the first one begins. */
export interface Seen {
  readonly hidden: boolean;
}

/** From the worker. */
export type Told =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "done"; readonly machine: Machine }
  | { readonly type: "failed"; readonly message: string };
