// What the findings of lecture 5 are made of: the figures of its results, and the words around them.
import type {
  ConflictRow,
  FalseSharingRow,
  LayoutSumRow,
  LayoutTiming,
  LoopOrderRow,
  MountainRow,
  TransposeRow,
} from "../../measure/index.js";
import { binary, formatTime, si, significant } from "../../units.js";
import type { LinesUnderWay, PredictedWalk, ProgramWalk, TorchLayoutRow, WaysFound } from "../layout/index.js";
import { waysOf } from "../layout/ways.js";

export interface Rows<Row> {
  readonly rows: readonly Row[];
}

const times = (ratio: number): string => significant(ratio, 3);
export const inWasm = <Row extends { readonly language: string }>({ rows }: Rows<Row>): Row[] =>
  rows.filter(({ language }) => language === "wasm");
export const inJavaScript = <Row extends { readonly language: string }>({ rows }: Rows<Row>): Row[] =>
  rows.filter(({ language }) => language === "javascript");
export const least = (values: readonly number[]): number => Math.min(...values);
export const most = (values: readonly number[]): number => Math.max(...values);
export const range = (values: readonly number[]): string => `${times(least(values))} to ${times(most(values))}`;

/** Time of the view over the copy's, in its own order and in that of memory. */
export const viewRatios = ({ rows }: Rows<LayoutSumRow>): { own: number; memory: number } => {
  const ratio = (end: string): number => rows.find(({ walk }) => walk.endsWith(end))!.ratio;
  return { own: ratio("own order"), memory: ratio("memory order") };
};
export const viewFigures = (result: Rows<LayoutSumRow>): string => {
  const { own, memory } = viewRatios(result);
  const inOwn = `read in its own order the view takes ${times(own)} times as long as the copy`;
  return `${inOwn}, in memory's order ${times(memory)} times`;
};

/** Lines under way, of a walk and of chains that one machine followed, or two. */
export interface UnderWay extends LinesUnderWay {
  readonly oneMachine: boolean;
}
/** Of the strides beyond the first, the one with the fewest lines under way. */
export const fewestUnderWay = ({ rows }: UnderWay): UnderWay["rows"][number] =>
  rows.slice(1).reduce((fewest, row) => (row.lines < fewest.lines ? row : fewest));
export const underWayFigures = (result: UnderWay): string => {
  const said = [result.rows[0]!, fewestUnderWay(result)].map(
    ({ stride, lines }) => `${times(lines)} at stride ${stride}`,
  );
  return `lines under way, by the latency of one chain: ${said.join(", ")}, in chains at most ${times(result.chains)}`;
};

/** What was recorded of PyTorch. */
export interface TorchResult extends Rows<TorchLayoutRow> {
  readonly asGiven: number;
}
export const sumRatio = ({ rows }: TorchResult): number => rows.find(({ operation }) => operation === "sum()")!.ratio;
export const asGivenFigures = (result: TorchResult): string => {
  const given = `the lecture's own benchmark, cold, a hundred sums each, gives ${result.asGiven.toFixed(2)}`;
  return `${given}; warm, in turns and by medians the sum takes ${times(sumRatio(result))} times`;
};

const at = (rows: readonly MountainRow[], stride: number, bytes = rows[0]!.bytes): MountainRow =>
  rows.find((row) => row.stride === stride && row.bytes === bytes)!;
export const fallTo16 = (rows: readonly MountainRow[], bytes?: number): number =>
  at(rows, 1, bytes).bytesPerSecond / at(rows, 16, bytes).bytesPerSecond;
export const languageGap = (result: Rows<PredictedWalk>): { stride: number; near: number; far: number } => {
  const stride = most(result.rows.map((row) => row.stride));
  const gap = (of: number): number =>
    at(inJavaScript(result), of).secondsPerValue / at(inWasm(result), of).secondsPerValue;
  return { stride, near: gap(1), far: gap(stride) };
};
export const gapFigures = (result: Rows<PredictedWalk>): string => {
  const { stride, near, far } = languageGap(result);
  const first = `at stride 1 JavaScript takes ${times(near)} times as long as WebAssembly`;
  return `${first}, at stride ${stride} ${times(far)} times`;
};
/** Predicted over measured time, up to a line a step and beyond it. */
export const goodness = (result: Rows<PredictedWalk>): { within: number[]; beyond: number[] } => {
  const ratios = (keep: (stride: number) => boolean): number[] =>
    inWasm(result)
      .filter(({ stride }) => keep(stride))
      .map((row) => row.predictedSeconds / row.secondsPerValue);
  return { within: ratios((stride) => stride <= 16), beyond: ratios((stride) => stride > 16) };
};
export const goodnessFigures = (result: Rows<PredictedWalk>): string => {
  const { within, beyond } = goodness(result);
  const to16 = `Up to stride 16 the predicted time is ${range(within)} of the measured one (WebAssembly)`;
  return `${to16}, beyond it ${range(beyond)}`;
};
export const mountainFalls = ({ rows }: Rows<MountainRow>): { near: number; far: number; says: string } => {
  const sets = rows.map(({ bytes }) => bytes);
  const [small, large] = [least(sets), most(sets)];
  const [near, far] = [fallTo16(rows, small), fallTo16(rows, large)];
  const first = `${binary(small)} give ${times(near)} times as much at stride 1 as at stride 16`;
  return { near, far, says: `${first}, ${binary(large)} ${times(far)} times` };
};

export function strideFigures(result: Rows<PredictedWalk>, than: string): string {
  const rows = inWasm(result);
  const [one, sixteen] = [1, 16].map((stride) => si(at(rows, stride).bytesPerSecond, "B/s"));
  const fall = times(fallTo16(rows));
  return `In WebAssembly the walk of stride 1 uses ${one}, that of stride 16 ${sixteen}: a factor of ${fall}, ${than}.`;
}

const worst = (rows: readonly ProgramWalk[]): ProgramWalk => rows.find(({ name }) => name === "tensor, worst order")!;
export const others = (rows: readonly ProgramWalk[]): ProgramWalk[] =>
  rows.filter((row) => row !== worst(rows) && row.lines > 1.5);
export const worstFigures = (result: Rows<ProgramWalk>): string => {
  const [wasm, javascript] = [inWasm(result), inJavaScript(result)].map((rows) => times(worst(rows).ratio));
  const lines = `by lines alone it would take ${times(worst(result.rows).lines)}`;
  const first = `The worst order of the tensor takes ${wasm} times as long as the straight walk in WebAssembly`;
  return `${first}, ${javascript} in JavaScript; ${lines}`;
};
/** NHWC's time over NCHW's for the same sum, in WebAssembly. */
export const channelsLast = (result: Rows<ProgramWalk>): { channel: number; pixel: number; says: string } => {
  const ratio = (name: string): number => inWasm(result).find((row) => row.name === name)!.ratio;
  const over = (sum: string): number => ratio(`NHWC summed ${sum}`) / ratio(`NCHW summed ${sum}`);
  const [channel, pixel] = [over("per channel"), over("per pixel")];
  const first = `In WebAssembly NHWC takes ${times(channel)} times as long as NCHW for the sum of a channel`;
  return { channel, pixel, says: `${first}, and ${times(pixel)} times for the sum of a pixel` };
};

export const byTime = <Row extends LayoutTiming>(rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => a.seconds - b.seconds);
export const ordersOf = (rows: readonly (LoopOrderRow & LayoutTiming)[]): string => {
  const sorted = byTime(rows);
  const slow = sorted.at(-1)!.seconds / sorted[0]!.seconds;
  const names = sorted.map(({ order }) => order).join(", ");
  return `from the fastest, ${names}; the last takes ${times(slow)} times as long as the first`;
};
export const ends = (row: LoopOrderRow | undefined, loop: string): boolean => row?.order.endsWith(loop) ?? false;

export const methodRatio = (result: Rows<TransposeRow & LayoutTiming>, method: TransposeRow["method"]): number =>
  inWasm(result).find((row) => row.method === method)!.ratio;
export const transposeFigures = (result: Rows<TransposeRow & LayoutTiming>): string => {
  const naive = [methodRatio(result, "naive, reads rows"), methodRatio(result, "naive, writes rows")];
  const [tiled, simd] = (["tiled", "SIMD tiles"] as const).map((method) => times(methodRatio(result, method)));
  const first = `In WebAssembly a transpose takes ${range(naive)} times as long as a plain copy of as many bytes`;
  return `${first}, ${tiled} in tiles, ${simd} in tiles with SIMD`;
};

export const columnRatios = (result: Rows<ConflictRow & LayoutTiming>): { power: number; rest: number[] } => ({
  power: inWasm(result).find((row) => row.leadingDimension === 512)!.ratio,
  rest: inWasm(result)
    .filter((row) => row.leadingDimension !== 512)
    .map(({ ratio }) => ratio),
});
export const columnFigures = (result: Rows<ConflictRow & LayoutTiming>): string => {
  const { power, rest } = columnRatios(result);
  return `rows of 512 floats cost ${times(power)} times the first row's length, the other lengths ${range(rest)} times`;
};

export const waysFigures = (result: WaysFound): { twice: number; flat: number; says: string } => {
  const twice = waysOf(result.rows, 2048);
  const apart = result.rows.filter(({ distance }) => distance === 4160).map(({ seconds }) => seconds);
  const flat = most(apart) / least(apart);
  const steps = `The step of 4,096 bytes comes after ${result.ways} lines, that of 2,048 bytes after ${twice}`;
  return { twice, flat, says: `${steps}; 4,160 bytes apart the slowest circle takes ${times(flat)} times the fastest` };
};

export const sharingTimes = ({ rows }: Rows<FalseSharingRow>): { shared: number[]; apart: number[] } => ({
  shared: rows.filter(({ distance }) => distance < 64).map((row) => row.secondsPerAddition),
  apart: rows.filter(({ distance }) => distance >= 64).map((row) => row.secondsPerAddition),
});
export const sharingFigures = (result: Rows<FalseSharingRow>): string => {
  const { shared, apart } = sharingTimes(result);
  const span = (values: number[]): string => `${formatTime(least(values))} to ${formatTime(most(values))}`;
  return `an addition takes ${span(shared)} on one line, ${span(apart)} on two`;
};

/** `figures` as a sentence, with what follows from it. */
export const sentence = (figures: string, follows = ""): string =>
  `${figures[0]!.toUpperCase()}${figures.slice(1)}${follows && `: ${follows}`}.`;
