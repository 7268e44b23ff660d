// `measured`, under Node: the recorded runs of this package, and what the environment says of measuring and recording.
import { thisMachine } from "../measure/index.js";
import { measuredIn, type MeasuredOptions, type MeasuredRun } from "./measuredRun.js";
import type { Measured } from "./recordedRun.js";
import { recordedMachines, writeRun } from "./records.js";

/**
 * Runs `run` and gives its result with `origin`. Where it is refused (MeasurementRefused, or a `refusal` or `missing`
 * in the result) it is tried again, up to three times in twelve seconds; then the run recorded under `title` is given,
 * and a sentence below the cell says why. Other errors are thrown. RIDGEPOINT_MEASURE=off gives recorded runs without
 * measuring; RIDGEPOINT_RECORD names a folder to record into, where nothing is replaced.
 */
export function measured<Result extends object>(
  title: string,
  run: (options: MeasuredRun) => Result | Promise<Result>,
  options: MeasuredOptions = {},
): Promise<Measured<Result>> {
  const target = process.env["RIDGEPOINT_RECORD"];
  const off = process.env["RIDGEPOINT_MEASURE"] === "off";
  const place = {
    machine: thisMachine,
    records: recordedMachines,
    off: () => (off ? "measuring is switched off (RIDGEPOINT_MEASURE=off)" : undefined),
    ...(target === undefined
      ? {}
      : { keep: <Kept extends object>(title: string, kept: Kept): Kept => writeRun(target, title, kept) }),
  };
  return measuredIn(place, title, run, options);
}
