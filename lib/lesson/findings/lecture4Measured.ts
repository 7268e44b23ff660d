// Findings of lecture 4 on what timm measured: which count orders the times, what lies far above its bound, and why.
import { significant } from "../../units.js";
import type { Finding } from "../finding.js";
import { list, micro, times } from "./words.js";

interface Ranked {
  readonly rows: readonly {
    readonly run: string;
    readonly count: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}
const of = ({ rows }: Ranked, run: string, count: string) => rows.find((r) => r.run === run && r.count === count)!;
const eager = ({ rows }: Ranked): string[] =>
  [...new Set(rows.map(({ run }) => run))].filter((run) => run.startsWith("RTX") && !run.includes("compiled"));
const apart = (ranked: Ranked, run: string, better: string, worse: string): boolean =>
  of(ranked, run, better).low > of(ranked, run, worse).high;
const value = (ranked: Ranked, run: string, count: string): string => significant(of(ranked, run, count).value, 3);
const both = (ranked: Ranked, run: string): string =>
  `${value(ranked, run, "activations")} against ${value(ranked, run, "multiply-adds")} on the ${run}`;

const gpuRanks: Finding<Ranked> = {
  holds: (ranked) => eager(ranked).every((run) => apart(ranked, run, "activations", "multiply-adds")),
  says: (ranked) =>
    `On each of these GPU runs the activations order the times better than the multiply-adds do, and their ` +
    `intervals do not touch: ${list(eager(ranked).map((run) => both(ranked, run)))}.`,
  otherwise: (ranked) =>
    `Activations against multiply-adds: ${list(eager(ranked).map((run) => both(ranked, run)))}; not on every run do ` +
    "the intervals stay apart with the activations ahead.",
};

const cpu = "Core i9, batch 1";
const cpuRanks: Finding<Ranked> = {
  holds: (ranked) => apart(ranked, cpu, "multiply-adds", "activations"),
  says: (ranked) =>
    `On the processor, one image at a time, it is the other way round: multiply-adds ` +
    `${value(ranked, cpu, "multiply-adds")}, activations ${value(ranked, cpu, "activations")}.`,
  otherwise: (ranked) =>
    `On the processor multiply-adds come to ${value(ranked, cpu, "multiply-adds")} and activations to ` +
    `${value(ranked, cpu, "activations")}; their intervals do not put multiply-adds ahead.`,
};

const compiledRun = "RTX 4090, compiled";
const compiledRanks: Finding<Ranked> = {
  holds: (ranked) =>
    ["parameters", "multiply-adds", "activations"].every(
      (count) => of(ranked, compiledRun, "roofline").value > of(ranked, compiledRun, count).value,
    ) && of(ranked, compiledRun, "roofline").value > of(ranked, "RTX 4090", "roofline").value,
  says: (ranked) =>
    `Compiled, the roofline leads with ${value(ranked, compiledRun, "roofline")}, up from ` +
    `${value(ranked, "RTX 4090", "roofline")}: the machine now does what the model assumes, one pass a tensor.`,
  otherwise: (ranked) =>
    `Compiled, the roofline comes to ${value(ranked, compiledRun, "roofline")} (before: ` +
    `${value(ranked, "RTX 4090", "roofline")}) and the activations to ${value(ranked, compiledRun, "activations")}.`,
};

interface Residuals {
  readonly worst: readonly {
    readonly name: string;
    readonly overBound: number;
    readonly compiled?: number | undefined;
    readonly nchw?: number | undefined;
  }[];
  readonly median: number;
}
const saved = ({ worst }: Residuals, how: "compiled" | "nchw") => worst.filter((row) => (row[how] ?? 0) >= 1.5);

const residuals: Finding<Residuals> = {
  holds: (all) => saved(all, "compiled").length > all.worst.length / 2 && saved(all, "nchw").length > 0,
  says: (all) =>
    `The median row takes ${times(all.median)} its bound, these ${all.worst.length} at least ` +
    `${times(Math.min(...all.worst.map((row) => row.overBound)))}. Compiled, ${saved(all, "compiled").length} of ` +
    `them are at least 1.5 times as fast: passes over memory that a compiler removes. With channels first in ` +
    `memory ${saved(all, "nchw").length} are: kernels that are slow with channels last.`,
  otherwise: (all) =>
    `The median row takes ${times(all.median)} its bound. Of the ${all.worst.length} farthest above, compiling makes ` +
    `${saved(all, "compiled").length} at least 1.5 times as fast, channels first ${saved(all, "nchw").length}.`,
};

interface Swin {
  readonly multiplyAdds: number;
  readonly bound: number;
  readonly measured: number;
  readonly compiled: number;
}
const swin: Finding<Swin> = {
  holds: ({ multiplyAdds, bound, measured, compiled }) =>
    Math.abs(multiplyAdds - 1) < 0.1 && measured > 1.5 * bound && compiled < measured && compiled > bound,
  says: ({ multiplyAdds, bound, measured, compiled }) =>
    `Swin-T does ${times(multiplyAdds)} DeiT-S's multiply-adds. The roofline gives it ${times(bound)} the time; ` +
    `measured it is ${times(measured)}, and compiled ${times(compiled)}.`,
  otherwise: ({ multiplyAdds, bound, measured, compiled }) =>
    `Swin-T over DeiT-S: multiply-adds ${significant(multiplyAdds, 3)}, roofline ${significant(bound, 3)}, measured ` +
    `${significant(measured, 3)}, compiled ${significant(compiled, 3)}.`,
};

interface Unseen {
  readonly bound: number;
  readonly copies: number;
  readonly scores: number;
  readonly measured: number;
}
const swinUnseen: Finding<Unseen> = {
  holds: ({ bound, copies, scores, measured }) => bound + copies + scores < measured,
  says: ({ bound, copies, scores, measured }) =>
    `Moving windows adds ${micro(copies)} and scores that are written out ${micro(scores)} to a bound of ` +
    `${micro(bound)}: ${micro(bound + copies + scores)} of ${micro(measured)}. The rest is kernels that are small, ` +
    "or far from the roof.",
  otherwise: ({ bound, copies, scores, measured }) =>
    `Windows (${micro(copies)}), scores (${micro(scores)}) and the bound (${micro(bound)}) explain all of ` +
    `${micro(measured)}.`,
};

interface Spent {
  readonly rows: readonly {
    readonly name: string;
    readonly nchw: number;
    readonly nhwc: number;
    readonly compiled: number;
    readonly bound: number;
    readonly fusedBound: number;
  }[];
}
const most = ({ rows }: Spent, of: (row: Spent["rows"][number]) => number) =>
  rows.reduce((best, row) => (of(row) > of(best) ? row : best));
const byLayout = (row: Spent["rows"][number]): number => row.nchw / row.nhwc;
const byFusion = (row: Spent["rows"][number]): number => row.nhwc / row.compiled;

const layout: Finding<Spent> = {
  holds: (spent) => spent.rows.every((row) => byLayout(row) >= 0.99),
  says: (spent) =>
    `Channels last in memory makes ${most(spent, byLayout).name} ${times(byLayout(most(spent, byLayout)))} as fast, ` +
    "the most of the four, and none of them more than a per cent slower.",
  otherwise: (spent) =>
    `Channels last makes ${list(spent.rows.map((row) => `${row.name} ${times(byLayout(row))}`))} as fast: ` +
    "not all gain.",
};
const fusion: Finding<Spent> = {
  holds: (spent) => spent.rows.every((row) => byFusion(row) > 1 && row.fusedBound < row.bound),
  says: (spent) =>
    `Fusion takes ${list(spent.rows.map((r) => `${r.name} from ${micro(r.bound)} to ${micro(r.fusedBound)}`))} in ` +
    `the model. Measured, all of them gain, ${most(spent, byFusion).name} the most: ` +
    `${times(byFusion(most(spent, byFusion)))}.`,
  otherwise: (spent) => `Compiled, ${list(spent.rows.map((row) => `${row.name} is ${times(byFusion(row))} as fast`))}.`,
};

interface Fits {
  readonly limit: number;
  readonly apart: number;
  readonly inPlace: number;
  readonly depthwise: number;
}
const kibi = (bytes: number): string => `${Math.round(bytes / 1024).toLocaleString("en-US")} KiB`;

const liveActivations: Finding<Fits> = {
  holds: ({ limit, apart, inPlace, depthwise }) => depthwise > limit && depthwise < inPlace && inPlace < apart,
  says: ({ limit, apart, inPlace, depthwise }) =>
    `Op by op MobileNetV2 needs ${kibi(apart)}; with norms and activations in place ${kibi(inPlace)}, with depthwise ` +
    `convolutions in place too ${kibi(depthwise)}: still ${times(depthwise / limit)} the ${limit / 1e3} kB there are.`,
  otherwise: ({ limit, apart, inPlace, depthwise }) =>
    `It needs ${kibi(apart)}, ${kibi(inPlace)} in place and ${kibi(depthwise)} with depthwise in place, of ` +
    `${limit / 1e3} kB.`,
};

export const lecture4Measured: Readonly<Record<string, Finding<never>>> = {
  "gpu-ranks": gpuRanks,
  "cpu-ranks": cpuRanks,
  "compiled-ranks": compiledRanks,
  "worst-residuals": residuals,
  "swin-is-slow": swin,
  "swin-unseen": swinUnseen,
  "layout-gain": layout,
  "fusion-gain": fusion,
  "live-activations": liveActivations,
};
