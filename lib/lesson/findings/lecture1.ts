// Findings of lecture 1: what its results show, as sentences that are computed from them.
import { grouped, si, significant } from "../../units.js";
import type { Finding } from "../finding.js";
import { lecture1Models } from "./lecture1Models.js";

const percent = (share: number): string => `${significant(100 * share, 3)} %`;

interface Given {
  readonly linear: number;
  readonly convolution: number;
  readonly attention: number;
}
interface Counted {
  readonly macs: number;
  readonly bytes: number;
}
interface Separable {
  readonly dense: Counted;
  readonly depthwise: Counted;
  readonly pointwise: Counted;
}
interface Masked {
  readonly tokens: number;
  readonly dense: number;
  readonly exact: number;
}

const largestOf = (given: Given): string =>
  Object.entries(given).reduce((a, b) => ((b[1] as number) > (a[1] as number) ? b : a))[0];

export const lecture1 = {
  "given-layers": {
    holds: ({ linear, convolution, attention }) => convolution > attention && attention > linear,
    says: ({ linear, convolution, attention }) =>
      `The convolution does most, ${grouped(Math.round(convolution / linear))} times the linear layer. That one was ` +
      `given a single token: at 512, as the attention has, it would do ${si(512 * linear)} FLOPs, ` +
      `${percent((512 * linear) / attention)} of the attention block.`,
    otherwise: (given) => `Of the three the ${largestOf(given)} layer does most.`,
  } satisfies Finding<Given>,
  padding: {
    holds: ({ bare, padded }) => padded > bare,
    says: ({ bare, padded }) =>
      `The padding takes the count from ${grouped(2 * bare)} to ${grouped(2 * padded)} FLOPs, ` +
      `${percent(padded / bare - 1)} more.`,
    otherwise: ({ bare, padded }) =>
      `With the padding it is ${grouped(2 * padded)} FLOPs, without ${grouped(2 * bare)}.`,
  } satisfies Finding<{ bare: number; padded: number }>,
  "unpadded-convolutions": {
    holds: ({ paths }) => paths.length > 0,
    says: ({ of, paths }) => `Of ${of} convolutions of 3 × 3, ${paths.length} pad nothing: ${paths.join(", ")}.`,
    otherwise: ({ of }) => `All ${of} convolutions of 3 × 3 pad.`,
  } satisfies Finding<{ of: number; paths: readonly string[] }>,
  heads: {
    holds: ({ rows }) => {
      const [first, ...others] = rows;
      return others.every(({ heads, macs, softmax }) => macs === first!.macs && softmax === heads * first!.softmax);
    },
    says: ({ rows }) =>
      `At ${rows.map(({ heads }) => heads).join(", ")} heads the multiply-adds are the same ` +
      `${grouped(rows[0]!.macs)}; the softmax's FLOPs are proportional to the heads.`,
    otherwise: ({ rows }) => `The multiply-adds are ${rows.map(({ macs }) => grouped(macs)).join(", ")}.`,
  } satisfies Finding<{ rows: readonly { heads: number; macs: number; softmax: number }[] }>,
  "attention-block": {
    holds: ({ projections, core }) => projections > core,
    says: ({ projections, core }) =>
      `${percent(projections / (projections + core))} of the work are projections. The part that is quadratic in the ` +
      `tokens is ${percent(core / (projections + core))}, at this length.`,
    otherwise: ({ projections, core }) =>
      `The quadratic part is ${percent(core / (projections + core))} of the work, at this length.`,
  } satisfies Finding<{ projections: number; core: number }>,
  "counted-loops": {
    holds: ({ rows }) => rows.every(({ counted, formula }) => counted === formula),
    says: ({ rows }) => `Equal, ${rows.length} times out of ${rows.length}.`,
    otherwise: ({ rows }) =>
      `Loops and formula differ in ${rows.filter(({ counted, formula }) => counted !== formula).length} of ` +
      `${rows.length} shapes.`,
  } satisfies Finding<{ rows: readonly { counted: number; formula: number }[] }>,
  "window-copies": {
    holds: ({ dense, strided }) => dense > strided,
    says: ({ input, dense, strided }) =>
      `At stride 1 the matrix holds ${significant(dense / input, 3)} times as many values as the input, and at ` +
      `stride 2 ${significant(strided / input, 3)} times.`,
    otherwise: ({ input, dense, strided }) =>
      `The matrix holds ${grouped(dense)} and ${grouped(strided)} values for ${grouped(input)} of input.`,
  } satisfies Finding<{ input: number; dense: number; strided: number }>,
  separable: {
    holds: ({ dense, depthwise, pointwise }) =>
      depthwise.macs + pointwise.macs < dense.macs &&
      depthwise.macs < pointwise.macs &&
      depthwise.bytes + pointwise.bytes > dense.bytes,
    says: ({ dense, depthwise, pointwise }) =>
      `The pair does ${significant(dense.macs / (depthwise.macs + pointwise.macs), 3)} times fewer multiply-adds, ` +
      `${percent(pointwise.macs / (depthwise.macs + pointwise.macs))} of them in the 1 × 1. And it moves ` +
      `${si(depthwise.bytes + pointwise.bytes, "B")} where the dense one moves ${si(dense.bytes, "B")}: ` +
      `${significant((depthwise.bytes + pointwise.bytes) / dense.bytes, 3)} times as many.`,
    otherwise: ({ dense, depthwise, pointwise }) =>
      `The pair does ${si(depthwise.macs + pointwise.macs)} multiply-adds and moves ` +
      `${si(depthwise.bytes + pointwise.bytes, "B")}; the dense one ${si(dense.macs)} and ${si(dense.bytes, "B")}.`,
  } satisfies Finding<Separable>,
  causal: {
    holds: ({ tokens, dense, exact }) => 2 * tokens * exact === (tokens + 1) * dense,
    says: ({ tokens, dense, exact }) =>
      `The mask lets (T + 1) / 2T of the pairs through: at T = ${tokens}, ${grouped(exact)} of ${grouped(dense)} ` +
      `multiply-adds, ${percent(exact / dense)}.`,
    otherwise: ({ dense, exact }) => `The mask lets ${percent(exact / dense)} of the pairs through.`,
  } satisfies Finding<Masked>,
  "grouped-query": {
    holds: ({ rows }) => rows.every((row, i) => i === 0 || row.weights < rows[i - 1]!.weights),
    says: ({ rows }) =>
      `Fewer heads of keys and values, fewer weights: ` +
      `${rows.map((row) => percent(row.weights / rows[0]!.weights)).join(", ")} of those with ${rows[0]!.kvHeads}.`,
    otherwise: ({ rows }) => `The weights are ${rows.map(({ weights }) => grouped(weights)).join(", ")}.`,
  } satisfies Finding<{ rows: readonly { kvHeads: number; weights: number }[] }>,
  ...lecture1Models,
};
