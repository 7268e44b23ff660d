// A recorded run in the place of a measurement that is not made: which record, and the sentence that says so. Loads in
// a page as well, where nothing is measured.
import { display } from "./display.js";
import { escapeHtml } from "../text/escape.js";

/** What one machine measured, by the title of what was measured. */
export interface Recorded {
  /** As `thisMachine()` names it. */
  readonly machine: string;
  /** The day, as "2026-11-27". */
  readonly date: string;
  /** Results by the title of what was measured. */
  readonly runs: Readonly<Record<string, object>>;
}

/** Where a result comes from, beside the result's own fields. */
export interface Provenance {
  /** For a caption or a title: this machine's name, or that of the recorded one, marked as recorded. */
  readonly origin: string;
  /** The machine and the day of a recorded run; absent when the figures are this machine's. */
  readonly recorded?: {
    /** As `thisMachine` names it. */
    readonly machine: string;
    /** The day, as "2026-11-27". */
    readonly date: string;
  };
  /** Beside a run of this machine: the recorded run of the machine that is most like it. */
  readonly beside?: {
    /** As `thisMachine` names it. */
    readonly machine: string;
    /** The day, as "2026-11-27". */
    readonly date: string;
    /** What was measured then. */
    readonly result: object;
  };
}

/** A measured result with its provenance. */
export type Measured<Result extends object> = Result & Provenance;

/**
 * The recorded machine, among those that hold `title`, that is most like `machine`: the same processor, or one of the
 * same maker, or the first. Undefined where none holds it.
 */
export function recordFor(title: string, machine: string, among: readonly Recorded[]): Recorded | undefined {
  const able = among.filter(({ runs }) => Object.hasOwn(runs, title));
  const processor = (name: string): string => name.split(",")[0]!;
  const maker = (name: string): string => name.split(/[ (]/)[0]!;
  return (
    able.find((record) => record.machine === machine) ??
    able.find((record) => processor(record.machine) === processor(machine)) ??
    able.find((record) => maker(record.machine) === maker(machine)) ??
    able[0]
  );
}

/** Where to look for a recorded run. */
export interface RecordedOptions {
  /** Recorded machines. */
  readonly records: readonly Recorded[];
  /** Whose figures are wanted most; default none in particular. */
  readonly machine?: string;
}

/**
 * The run recorded under `title` on the machine most like `machine`, with its `origin`; a sentence below the cell says
 * `reason` and whose figures these are. Undefined where no record holds the title.
 */
export function recordedRun<Result extends object>(
  title: string,
  reason: string,
  { records, machine = "" }: RecordedOptions,
): Measured<Result> | undefined {
  const record = recordFor(title, machine, records);
  if (record === undefined) return undefined;
  const { date, runs } = record;
  const why = reason.replace(/\.$/, "");
  const origins = `they are a recorded run of ${record.machine}, ${date}`;
  const sentence = `${why}. So the figures below were not measured here: ${origins}.`;
  display({
    "text/html": `<p><strong>${escapeHtml(title)}: recorded run.</strong> ${escapeHtml(capital(sentence))}</p>`,
    "text/plain": `${title}: recorded run. ${capital(sentence)}`,
  });
  const origin = `Recorded run, not measured here: ${record.machine}, ${date}`;
  return { ...(runs[title] as Result), origin, recorded: { machine: record.machine, date } };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
