// Findings of lecture 1 on whole models.
import type { ToolCount } from "../../convention.js";
import { grouped, si, significant } from "../../units.js";
import type { Finding } from "../finding.js";
import type { TiledProduct } from "../tiledProduct.js";

const percent = (share: number): string => `${significant(100 * share, 3)} %`;

/** A part of a training step. */
export interface Part {
  /** What it is called; "contractions" are those. */
  readonly part: string;
  /** Its share of the FLOPs. */
  readonly flops: number;
  /** Its share of the time. */
  readonly time: number;
}

/** The shares of all parts but the contractions. */
function besides(rows: readonly Part[]): { flops: number; time: number } {
  const others = rows.filter(({ part }) => part !== "contractions");
  return {
    flops: others.reduce((sum, { flops }) => sum + flops, 0),
    time: others.reduce((sum, { time }) => sum + time, 0),
  };
}

const explained = ({ value, ours, terms }: ToolCount): boolean =>
  value !== null && terms.reduce((sum, { count }) => sum + count, ours) === value;

const valueOf = (counts: readonly ToolCount[], name: string): number | null =>
  counts.find(({ tool }) => tool === name)?.value ?? null;

const ratiosOf = (rows: readonly { model: string; ratio: number }[]): string =>
  rows.map(({ model, ratio }) => `${significant(ratio, 4)} (${model})`).join(", ");

export const lecture1Models = {
  "quadratic-share": {
    holds: ({ block, layer }) => layer < block,
    says: ({ tokens, block, layer }) =>
      `At ${grouped(tokens)} tokens the core is ${percent(block)} of the attention block, and ${percent(layer)} of ` +
      `the layer with its MLP.`,
    otherwise: ({ tokens, block, layer }) =>
      `At ${grouped(tokens)} tokens the core is ${percent(layer)} of the layer, and ${percent(block)} of its ` +
      `attention.`,
  } satisfies Finding<{ tokens: number; block: number; layer: number }>,
  "fully-connected": {
    holds: ({ weights, work }) => weights > 0.5 && work < 0.5,
    says: ({ weights, work }) =>
      `The fully connected layers hold ${percent(weights)} of the weights and do ${percent(work)} of the ` +
      `multiply-adds. The convolutions are the other way round: parameters do not predict operations.`,
    otherwise: ({ weights, work }) =>
      `The fully connected layers hold ${percent(weights)} of the weights and do ${percent(work)} of the ` +
      `multiply-adds.`,
  } satisfies Finding<{ weights: number; work: number }>,
  tools: {
    holds: ({ counts, macs }) =>
      counts.every(explained) && valueOf(counts, "torchvision") === macs && valueOf(counts, "torch") === 2 * macs,
    says: ({ counts, macs }) =>
      `torchvision prints our ${grouped(macs)} multiply-adds to the digit, and torch twice that. With its terms ` +
      `added to our count, each of the ${counts.length} figures is explained to the last digit.`,
    otherwise: ({ counts }) =>
      `The terms explain ${counts.filter(explained).length} of ${counts.length} figures to the last digit.`,
  } satisfies Finding<{ counts: readonly ToolCount[]; macs: number }>,
  backward: {
    holds: ({ rows }) => rows.every(({ ratio }) => ratio < 2 && ratio > 1.9),
    says: ({ rows }) =>
      `Not quite twice the forward pass: ${ratiosOf(rows)}. ` +
      `What is missing is the first layer's gradient of its input.`,
    otherwise: ({ rows }) => `The backward pass is ${ratiosOf(rows)} times the forward pass.`,
  } satisfies Finding<{ rows: readonly { model: string; ratio: number }[] }>,
  training: {
    holds: ({ flops, days }) => flops > 0 && days > 0,
    says: ({ flops, days, devices }) =>
      `6·N·D is ${significant(flops / 1e24, 3)} · 10²⁴ FLOPs, and ${grouped(devices)} devices take ` +
      `${significant(days, 3)} days for them.`,
    otherwise: ({ flops }) => `6·N·D is ${significant(flops / 1e24, 3)} · 10²⁴ FLOPs.`,
  } satisfies Finding<{ flops: number; days: number; devices: number }>,
  tiles: {
    holds: ({ rows }) =>
      rows.every(({ macs, moved }, i) => macs === rows[0]!.macs && (i === 0 || moved < rows[i - 1]!.moved)) &&
      rows.at(-1)!.moved === rows.at(-1)!.compulsory,
    says: ({ rows }) =>
      `The multiply-adds are ${grouped(rows[0]!.macs)} with every tile. The bytes fall from ` +
      `${si(rows[0]!.moved, "B")} with tiles of ${rows[0]!.tile} to ${si(rows.at(-1)!.moved, "B")}, A, B and C once ` +
      `each, where a tile is the whole matrix.`,
    otherwise: ({ rows }) =>
      `The bytes are ${rows.map(({ tile, moved }) => `${si(moved, "B")} (${tile})`).join(", ")}.`,
  } satisfies Finding<{ rows: readonly TiledProduct[] }>,
  "not-contractions": {
    holds: ({ rows }) => besides(rows).time > 10 * besides(rows).flops,
    says: ({ rows }) =>
      `What is no contraction does ${percent(besides(rows).flops)} of the FLOPs and takes ` +
      `${percent(besides(rows).time)} of the time.`,
    otherwise: ({ rows }) =>
      `What is no contraction takes ${percent(besides(rows).time)} of the time, and does ` +
      `${percent(besides(rows).flops)} of the FLOPs.`,
  } satisfies Finding<{ rows: readonly Part[] }>,
};
