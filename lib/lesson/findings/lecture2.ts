// Findings of lecture 2: what its results show, as sentences that are computed from them.
import type { ChainsRow, Fusion, Machine, PlacedPoints, PlacedRow, Regimes } from "../../measure/index.js";
import { binary, formatTime, si, significant } from "../../units.js";
import type { Finding } from "../finding.js";

interface End {
  readonly level: string;
  readonly lines: number;
  /** Absent where it was not measured. */
  readonly latency: number | undefined;
}

function endsOf({ oneThread: { levels } }: Pick<Machine, "oneThread">): { near: End; far: End } {
  const [near, far] = [levels[0]!, levels.at(-1)!].map(({ level, read, lines = read, latency }) => ({
    level,
    lines,
    latency,
  })) as [End, End];
  return { near, far };
}

const endText = ({ level, lines, latency }: End): string =>
  `${level} delivers lines at ${si(lines, "B/s")}` +
  (latency === undefined ? "." : ` and answers in ${formatTime(latency)}.`);

const firstCache: Finding<Machine> = {
  holds: (machine) => {
    const { near, far } = endsOf(machine);
    return near.lines > far.lines && near.latency! < far.latency!;
  },
  says: (machine) => {
    const { near, far } = endsOf(machine);
    const lines = `the rate of lines falls from ${si(near.lines, "B/s")} to ${si(far.lines, "B/s")}`;
    return (
      `From ${near.level} to ${far.level} ${lines}, ` +
      `and the time to answer rises from ${formatTime(near.latency!)} to ${formatTime(far.latency!)}.`
    );
  },
  otherwise: (machine) => {
    const { near, far } = endsOf(machine);
    return `${endText(near)} ${endText(far)}`;
  },
};

const heldUp = ({ oneThread: { levels } }: Machine) => levels.filter(({ read, lines = read }) => lines > 1.1 * read);

const readsAndLines: Finding<Machine> = {
  holds: (machine) => heldUp(machine).length > 0,
  says: (machine) => {
    const levels = heldUp(machine).map(
      ({ level, read, lines = read }) => `${level} (${si(read, "B/s")} of ${si(lines, "B/s")})`,
    );
    return `A plain loop reads more slowly than lines arrive in ${levels.join(", ")}: its own loads hold it up there.`;
  },
  otherwise: () => "At every level a plain loop reads as fast as lines arrive, within a tenth.",
};

const linear = ({ rows }: Pick<PlacedPoints, "rows">): PlacedRow[] =>
  rows.filter(({ name }) => name.startsWith("linear"));
const others = ({ rows }: Pick<PlacedPoints, "rows">): PlacedRow[] =>
  rows.filter(({ name }) => !name.startsWith("linear"));
const batchOf = ({ name }: PlacedRow): string => name.replace(/^.*batch /, "");
const factor = (x: number): string => significant(x, 2);
const share = (x: number): string => `${(100 * x).toFixed(0)} %`;

/** The last batch before the first that takes half as long again as batch 1. */
function flatUntil(rows: readonly PlacedRow[]): number {
  const first = rows.findIndex(({ seconds }) => seconds > 1.5 * rows[0]!.seconds);
  return (first < 0 ? rows.length : first) - 1;
}

const flatThenSlope: Finding<PlacedPoints> = {
  holds: (layer) => {
    const rows = linear(layer);
    const [last, before] = [rows.at(-1), rows.at(-2)];
    if (last === undefined || before === undefined) return false;
    const step = last.seconds / before.seconds;
    return flatUntil(rows) > 0 && flatUntil(rows) < rows.length - 2 && step > 1.6 && step < 2.4;
  },
  says: (layer) => {
    const rows = linear(layer);
    const [flat, last, before] = [rows[flatUntil(rows)]!, rows.at(-1)!, rows.at(-2)!];
    return (
      `Up to batch ${batchOf(flat)} the call takes at most half as long again as for one token ` +
      `(${formatTime(flat.seconds)} against ${formatTime(rows[0]!.seconds)}); from batch ${batchOf(before)} to ` +
      `${batchOf(last)} it takes ${factor(last.seconds / before.seconds)} times as long.`
    );
  },
  otherwise: (layer) => {
    const rows = linear(layer);
    const [first, last] = [rows[0]!, rows.at(-1)!];
    return (
      `Batch ${batchOf(last)} takes ${factor(last.seconds / first.seconds)} times as long as ` +
      `batch ${batchOf(first)}: ` +
      `${formatTime(last.seconds)} against ${formatTime(first.seconds)}.`
    );
  },
};

/** The kernel that takes the longest of the sum of its two times. */
const slowest = (rows: readonly PlacedRow[]): PlacedRow =>
  rows.reduce((worst, row) => (row.seconds / row.upperSeconds > worst.seconds / worst.upperSeconds ? row : worst));

const aboveTheSum: Finding<PlacedPoints> = {
  holds: ({ rows }) => rows.some(({ seconds, upperSeconds }) => seconds > upperSeconds),
  says: ({ rows }) => {
    const within = rows.filter(({ seconds, upperSeconds }) => seconds <= upperSeconds).length;
    const worst = slowest(rows);
    return (
      `${within} of ${rows.length} kernels take no longer than computing and moving in turn; ${worst.name} takes ` +
      `${(worst.seconds / worst.upperSeconds).toFixed(2)} times as long as that.`
    );
  },
  otherwise: ({ rows }) => `All ${rows.length} kernels take no longer than computing and moving in turn.`,
};

const ratioOf = (layer: PlacedPoints, name: string): number =>
  others(layer).find((row) => row.name.startsWith(name))?.ratio ?? NaN;

const nearestToBound: Finding<PlacedPoints> = {
  holds: (layer) => {
    const [add, relu, softmax, norm] = ["add", "ReLU", "softmax", "layer norm"].map((name) => ratioOf(layer, name));
    return Math.min(add!, relu!) > Math.max(softmax!, norm!);
  },
  says: (layer) => {
    const [add, relu, softmax, norm] = ["add", "ReLU", "softmax", "layer norm"].map((n) => share(ratioOf(layer, n)));
    return (
      `An addition reaches ${add} of its bound and a ReLU ${relu}, a softmax ${softmax} and a layer norm ${norm}: ` +
      `the last two do more than move, and the ledger counts an exponential or a square root as one FLOP.`
    );
  },
  otherwise: (layer) => {
    const sorted = others(layer).sort((a, b) => b.ratio - a.ratio);
    return `From the nearest to its bound: ${sorted.map(({ name, ratio }) => `${name} (${share(ratio)})`).join(", ")}.`;
  },
};

const knees = ({ arithmeticKnee, predictedKnee }: Regimes): string =>
  `The knee is at ${factor(arithmeticKnee)} multiply-adds an element` +
  (predictedKnee === undefined
    ? "; where the ridge puts it was not measured"
    : `; the ridge of this memory and these units puts it at ${factor(predictedKnee)}`);

const threeRegimes: Finding<Regimes> = {
  holds: ({ arithmeticKnee, predictedKnee = NaN }) =>
    arithmeticKnee > 1.5 && arithmeticKnee < 2 * predictedKnee && predictedKnee < 2 * arithmeticKnee,
  says: (regimes) => {
    const [first, last] = [regimes.arithmetic[0]!, regimes.arithmetic.at(-1)!];
    return (
      `${knees(regimes)}, within a factor of two. ${last.multiplyAdds} times the arithmetic takes ` +
      `${factor(last.seconds / first.seconds)} times as long.`
    );
  },
  otherwise: (regimes) => `${knees(regimes)}.`,
};

const callRegime: Finding<Regimes> = {
  holds: ({ sizes, callKnee }) => callKnee > 3 * sizes[0]!.bytes,
  says: ({ sizes, callSeconds, callKnee }) =>
    `A call on ${sizes[0]!.bytes} bytes takes ${formatTime(callSeconds)}, in which the fastest of the sizes moves ` +
    `${si(callKnee, "B")}: on arrays much smaller than that the call decides.`,
  otherwise: ({ sizes, callSeconds }) =>
    `A call on ${sizes[0]!.bytes} bytes takes ${formatTime(callSeconds)}, about as long as its bytes need: ` +
    `no cost of the call is seen.`,
};

/** The ratio of three passes to one, at the smallest and at the largest size. */
function ratiosOf({ rows }: Fusion): { small: number; large: number; sizes: string[] } {
  const three = rows.filter(({ passes }) => passes === 3);
  const [small, large] = [three[0]!, three.at(-1)!];
  return { small: small.ratio, large: large.ratio, sizes: [binary(small.bytes), binary(large.bytes)] };
}

const threePasses: Finding<Fusion> = {
  holds: (fusion) => ratiosOf(fusion).large > 1.5,
  says: (fusion) => {
    const { small, large, sizes } = ratiosOf(fusion);
    return (
      `Three passes take ${factor(large)} times as long as one on ${sizes[1]}, and ${factor(small)} times on ` +
      `${sizes[0]}: fusing saves passes, and time.`
    );
  },
  otherwise: (fusion) => {
    const { small, large, sizes } = ratiosOf(fusion);
    return `Three passes take ${factor(large)} times as long as one on ${sizes[1]}, ${factor(small)} on ${sizes[0]}.`;
  },
};

interface Chains {
  readonly rows: readonly ChainsRow[];
}

const chainsSideBySide: Finding<Chains> = {
  holds: ({ rows }) => rows.at(-1)!.inFlight > 2,
  says: ({ rows }) => {
    const [one, last] = [rows[0]!, rows.at(-1)!];
    const most = Math.max(...rows.map(({ inFlight }) => inFlight));
    const enough = rows.find(({ inFlight }) => inFlight > 0.9 * most)!;
    return (
      `One chain brings a line in ${formatTime(one.secondsPerLine)}, which is ${si(one.bytesPerSecond, "B/s")}; ` +
      `${last.chains} bring ${si(last.bytesPerSecond, "B/s")}. ${enough.chains} chains get nine tenths of the most ` +
      `that were on their way at once, ${factor(most)} lines.`
    );
  },
  otherwise: ({ rows }) => {
    const [one, last] = [rows[0]!, rows.at(-1)!];
    return (
      `One chain brings ${si(one.bytesPerSecond, "B/s")}, ${last.chains} bring ${si(last.bytesPerSecond, "B/s")}: ` +
      `side by side they gain little here.`
    );
  },
};

const publishedAttention: Finding<{ readonly published: number; readonly counted: number }> = {
  holds: ({ published, counted }) => counted > 1.5 * published,
  says: ({ published, counted }) =>
    `The forward pass alone is ${significant(counted, 4)} GFLOP by our count, ${factor(counted / published)} times ` +
    `the ${published} that are published for forward and backward together: the caption and the figure do not fit.`,
  otherwise: ({ published, counted }) =>
    `The forward pass is ${significant(counted, 4)} GFLOP by our count, of ${published} that are published.`,
};

export const lecture2 = {
  "first-cache-and-memory": firstCache,
  "reads-and-lines": readsAndLines,
  "flat-then-slope": flatThenSlope,
  "above-the-sum": aboveTheSum,
  "nearest-to-bound": nearestToBound,
  "three-regimes": threeRegimes,
  "call-regime": callRegime,
  "three-passes": threePasses,
  "chains-side-by-side": chainsSideBySide,
  "published-attention": publishedAttention,
} satisfies Record<string, Finding<never>>;
