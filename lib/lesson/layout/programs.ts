// Layouts that programs have: how much longer each walk takes than one straight through, and how many more lines it
// fetches.
import { dotChart, type Chart } from "../../charts/index.js";
import type {
  ChannelRow,
  ConflictRow,
  Experiment,
  Language,
  LayoutTiming,
  LoopOrderRow,
  StructureRow,
  TransposeRow,
  TraversalRow,
} from "../../measure/index.js";
import { loopAddresses, missRatio, setsTouched, type CacheModel, type Loops } from "../../tensor/index.js";
import { tableOf, type Table } from "../../text/table.js";
import { formatTime, si } from "../../units.js";
import type { LayoutRun } from "./walks.js";

/** Three experiments on layouts. */
export interface LayoutRuns {
  /** A tensor in three orders. */
  readonly traversals: Experiment<TraversalRow>;
  /** Images channel by channel and pixel by pixel. */
  readonly channels: Experiment<ChannelRow>;
  /** Records as structures and as arrays. */
  readonly structures: Experiment<StructureRow>;
}

/** A walk, what it took and what it fetches. */
export interface ProgramWalk {
  /** What is walked through, and how. */
  readonly name: string;
  /** What ran the loops. */
  readonly language: Language;
  /** Its time over that of the walk straight through. */
  readonly ratio: number;
  /** Its lines over those of the walk straight through. */
  readonly lines: number;
}

/** The walks of three experiments, each beside the lines that `cache` says it fetches. */
export function programWalks({ traversals, channels, structures }: LayoutRuns, cache: CacheModel): ProgramWalk[] {
  const straight = missRatio(loopAddresses({ sizes: [4096], strides: [1] }), cache);
  const walk = (name: string, row: Loops & LayoutTiming & { readonly language: Language }): ProgramWalk => ({
    name,
    language: row.language,
    ratio: row.ratio,
    lines: missRatio(loopAddresses(row), cache) / straight,
  });
  return [
    ...traversals.rows.map((row) => walk(`tensor, ${row.order} order`, row)),
    ...channels.rows.map((row) => walk(`${row.layout} summed ${row.reduction}`, row)),
    ...structures.rows
      .filter(({ fields }) => fields === "one")
      .map((row) => walk(`one field of eight, ${row.layout}`, row)),
  ];
}

/** Time (dot) and lines (end of the bar), both over those of the walk straight through. */
export const programChart = ({ rows, origin }: LayoutRun<ProgramWalk>): Chart =>
  dotChart(
    rows.map(({ name, language, ratio, lines }) => ({ name, family: language, value: ratio, low: 1, high: lines })),
    {
      title: "Slowdown by layout: time (dot), and lines fetched (end of the bar)",
      caption: origin,
      x: "Over the walk straight through",
      xScale: "log",
      reference: { value: 1, label: "no effect" },
    },
  );

/** FLOP/s by the order of the loops. */
export const loopOrderChart = ({ rows, origin }: LayoutRun<LoopOrderRow & LayoutTiming>): Chart =>
  dotChart(
    rows.map(({ order, language, flops, seconds }) => ({ name: order, family: language, value: flops / seconds })),
    {
      title: "Matrix product by the order of its loops, one thread",
      caption: origin,
      x: "Performance (FLOP/s)",
      xScale: "log",
      xFormat: "si",
      unit: "FLOP/s",
    },
  );

/** Transposes, each beside a plain copy. */
export const transposeTable = ({ rows, origin }: LayoutRun<TransposeRow & LayoutTiming>): Table =>
  tableOf(
    rows.map(({ method, language, seconds, bytes, ratio }) => ({
      method,
      language,
      time: formatTime(seconds),
      "bytes moved per second": si(bytes / seconds, "B/s"),
      "time ÷ plain copy's": ratio,
    })),
    { title: origin },
  );

/** Columns by the length of a row: the sets that they use, the misses that `cache` predicts, the time. */
export const columnTable = ({ rows, origin }: LayoutRun<ConflictRow & LayoutTiming>, cache: CacheModel): Table =>
  tableOf(
    rows
      .filter(({ language }) => language === "wasm")
      .map((row) => ({
        "floats in a row": row.leadingDimension,
        "sets used": setsTouched(loopAddresses(row), cache),
        "misses, predicted": `${(100 * missRatio(loopAddresses(row), cache)).toFixed(0)} %`,
        "one access": formatTime(row.seconds / row.sizes[0]! / row.sizes[1]!),
        "time ÷ the first row's": row.ratio,
      })),
    { title: `A column of ${rows[0]!.rows} values, again and again: ${origin}` },
  );
