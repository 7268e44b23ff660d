// A measurement as a lecture shows it: measured here, or, where this machine refuses, the recorded run, with the reason
// and with marks in what is made of it. In a program the functions of measure/ throw and refuse; here it is decided
// what a reader gets instead.
import { MeasurementRefused } from "../kernels/index.js";
import { thisMachine, type Progress } from "../measure/index.js";
import { display } from "./display.js";
import { progress } from "./progress.js";
import { recordedRun, type Measured, type Provenance, type Recorded } from "./recordedRun.js";
import { recordedMachines, writeRun } from "./records.js";

/** What a measurement is handed. */
export interface MeasuredRun {
  /** Takes its progress to one line below the cell. */
  readonly onProgress: (progress: Progress) => void;
}

/** What `measured` builds on and falls back to. */
export interface MeasuredOptions {
  /**
   * An earlier measurement that this one builds on: when that one is a recorded run, so is this one, of the same
   * machine.
   */
  readonly on?: Provenance;
  /** Recorded machines; default those of this package. */
  readonly records?: readonly Recorded[];
  /** Seconds since any moment; tests hand in their own. */
  readonly now?: () => number;
}

const attempts = 3;
/** Seconds after which a refused measurement is not tried again: a class waits. */
const patience = 12;

/**
 * Runs `run` and gives its result with `origin`. Where it is refused (MeasurementRefused, or a `refusal` or `missing`
 * in the result) it is tried again, up to three times in twelve seconds; then the run recorded under `title` is given,
 * and a sentence below the cell says why. Other errors are thrown. RIDGEPOINT_MEASURE=off gives recorded runs without
 * measuring; RIDGEPOINT_RECORD names a folder to record into, where nothing is replaced.
 */
export async function measured<Result extends object>(
  title: string,
  run: (options: MeasuredRun) => Result | Promise<Result>,
  { on, records, now = () => performance.now() / 1e3 }: MeasuredOptions = {},
): Promise<Measured<Result>> {
  const line = progress(title);
  const recall = (reason: string): Measured<Result> => {
    line.done("not measured here");
    const machine = on?.recorded?.machine ?? thisMachine();
    const found = recordedRun<Result>(title, reason, { records: records ?? recordedMachines(), machine });
    if (found === undefined) throw new MeasurementRefused(`${title}: ${reason}, and no recorded run holds it`);
    return found;
  };
  if (on?.recorded) return recall("what it builds on is a recorded run");
  if (process.env["RIDGEPOINT_MEASURE"] === "off") return recall("measuring is switched off (RIDGEPOINT_MEASURE=off)");
  const begin = now();
  let reason = "";
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1 && now() - begin > patience) break;
    const result = await attempted(run, line.onProgress);
    if (typeof result === "string") {
      reason = result;
      continue;
    }
    const lack = lackOf(result);
    if (lack !== undefined) display({ "text/plain": `${title}: ${lack}` });
    const target = process.env["RIDGEPOINT_RECORD"];
    if (target !== undefined) writeRun(target, title, result);
    return { ...result, origin: thisMachine() };
  }
  if (process.env["RIDGEPOINT_RECORD"] !== undefined)
    throw new MeasurementRefused(`${title}: nothing to record: ${reason}`);
  return recall(reason);
}

/** The result, or the sentence that refuses it. */
async function attempted<Result extends object>(
  run: (options: MeasuredRun) => Result | Promise<Result>,
  onProgress: MeasuredRun["onProgress"],
): Promise<Result | string> {
  try {
    const result = await run({ onProgress });
    return refusalIn(result) ?? result;
  } catch (error) {
    // By name: a notebook may have loaded this package twice.
    if (error instanceof Error && error.name === "MeasurementRefused") return error.message;
    throw error;
  }
}

interface Doubtful {
  readonly refusal?: string;
  readonly missing?: string;
  readonly rows?: readonly unknown[];
}

/** A result and the results that it holds. */
const partsOf = (result: object): Doubtful[] =>
  [result, ...Object.values(result)].filter(
    (part) => typeof part === "object" && part !== null && !Array.isArray(part),
  );

/** The first refusal of a result, or of a part of it; what is missing refuses where nothing is left. */
function refusalIn(result: object): string | undefined {
  const refused = partsOf(result).find(({ refusal, missing, rows }) => refusal ?? (rows?.length === 0 && missing));
  return refused?.refusal ?? refused?.missing;
}

/** What a result lacks, though there is something to show. */
const lackOf = (result: object): string | undefined => partsOf(result).find(({ missing }) => missing)?.missing;
