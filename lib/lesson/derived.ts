// What is computed from a measured result keeps its provenance, and so does the recorded run beside it.
import type { Measured, Provenance } from "./recordedRun.js";

/** What `of` makes of a measured result, as a measured result itself: of the recorded run beside it as well. */
export function derived<Result extends object, Made extends object>(
  measured: Measured<Result>,
  of: (result: Result) => Made,
): Made & Provenance {
  const { origin, recorded, beside } = measured;
  return {
    ...of(measured),
    origin,
    ...(recorded && { recorded }),
    ...(beside && { beside: { ...beside, result: of(beside.result as Result) } }),
  };
}
