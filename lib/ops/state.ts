// What recurrent layers keep between calls in place of keys and values: a state of one size, however long the text.
import { elementCount, type TensorSpec } from "../op.js";
import type { Precision } from "./precision.js";
import { choice } from "./shapeKeys.js";

/**
 * What a pass does with the state: "none" starts from nothing and keeps nothing (training), "write" starts from nothing
 * and keeps the last state (prefill), "update" reads the state before and writes the one behind (decode).
 */
export type StateUse = "none" | "write" | "update";

/** What a layer calls the state that it hands to the next call. */
export const newState = "newState";

/** The key by which a layer's shape says so, by default "none". */
export const stateKey = choice("none", "write", "update");

/** The state of `shape` at `kvDtype`, as what a pass reads and what it writes. Nothing of no elements is moved. */
export function stateTensors(
  use: StateUse,
  shape: readonly number[],
  { kvDtype }: Precision,
): Readonly<Record<"read" | "written", readonly TensorSpec[]>> {
  const tensor = (name: string): TensorSpec[] => [{ name, shape, dtype: kvDtype }];
  const empty = elementCount(shape) === 0;
  return {
    read: empty || use !== "update" ? [] : tensor("state"),
    written: empty || use === "none" ? [] : tensor(newState),
  };
}
