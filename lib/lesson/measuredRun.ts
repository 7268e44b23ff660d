// A measurement as a lecture shows it, wherever the lecture runs: measured here, or, where this place refuses, the
// recorded run, with the reason and with marks in what is made of it. In a program the functions of measure/ throw and
// refuse; here it is decided what a reader gets instead.
import { MeasurementRefused } from "../kernels/refused.js";
import { display } from "./display.js";
import { progress, type ProgressLine } from "./progress.js";
import { recordedRun, recordFor, type Measured, type Provenance, type Recorded } from "./recordedRun.js";

/** What a measurement is handed. */
export interface MeasuredRun {
  /** Takes its progress to one line below the cell. */
  readonly onProgress: ProgressLine["onProgress"];
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

/** Where a lecture measures. */
export interface MeasuringPlace {
  /** This machine's name, for captions. */
  readonly machine: () => string;
  /** Recorded machines. */
  readonly records: () => readonly Recorded[];
  /** In one sentence, why nothing is measured now; undefined where it is. */
  readonly off: () => string | undefined;
  /** Records what was measured, where runs are recorded, and gives it as it is recorded. */
  readonly keep?: <Result extends object>(title: string, result: Result) => Result;
  /** Starts watching; what comes back says, in a sentence, what has spoiled every measurement since. */
  readonly watch?: () => () => string | undefined;
}

const attempts = 3;
/** Seconds after which a refused measurement is not tried again: a class waits. */
const patience = 12;

/** `measured`, in `place`. */
export async function measuredIn<Result extends object>(
  place: MeasuringPlace,
  title: string,
  run: (options: MeasuredRun) => Result | Promise<Result>,
  { on, records, now = () => performance.now() / 1e3 }: MeasuredOptions = {},
): Promise<Measured<Result>> {
  const line = progress(title);
  const recall = (reason: string): Measured<Result> => {
    line.done("not measured here");
    const machine = on?.recorded?.machine ?? place.machine();
    const found = recordedRun<Result>(title, reason, { records: records ?? place.records(), machine });
    if (found === undefined) throw new MeasurementRefused(`${title}: ${reason}, and no recorded run holds it`);
    return found;
  };
  if (on?.recorded) return recall("what it builds on is a recorded run");
  const off = place.off();
  if (off !== undefined) return recall(off);
  const begin = now();
  let reason = "";
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1 && now() - begin > patience) break;
    const spoiled = place.watch?.();
    const result = await attempted(run, line.onProgress);
    const refusal = spoiled?.() ?? (typeof result === "string" ? result : undefined);
    if (refusal !== undefined || typeof result === "string") {
      reason = refusal ?? "";
      continue;
    }
    const lack = lackOf(result);
    if (lack !== undefined) display({ "text/plain": `${title}: ${lack}` });
    const kept = place.keep?.(title, result) ?? result;
    const machine = place.machine();
    // A run that is being recorded takes the place of this machine's own record.
    const stays = (record: Recorded): boolean => place.keep === undefined || record.machine !== machine;
    const record = recordFor(title, machine, (records ?? place.records()).filter(stays));
    const beside = record && { machine: record.machine, date: record.date, result: record.runs[title]! };
    return { ...kept, origin: machine, ...(beside && { beside }) };
  }
  if (place.keep) throw new MeasurementRefused(`${title}: nothing to record: ${reason}`);
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
