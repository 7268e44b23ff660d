// Findings of lecture 3 on language models: two phases, and what a device can serve.
import type { DecodeStep, TrainingMemory } from "../../serving/index.js";
import { formatTime, grouped, si, significant } from "../../units.js";
import type { Finding } from "../finding.js";

export const serving = {
  "decode-starves": {
    holds: ({ intensity, ridge }) => intensity < ridge,
    says: ({ intensity, ridge }) =>
      `Decoding at batch 1 does ${significant(intensity)} FLOP for each byte, ` +
      `${significant((100 * intensity) / ridge, 2)} % of what the ridge point asks for: ` +
      `so much of the arithmetic that was paid for is used.`,
    otherwise: ({ intensity, ridge }) =>
      `Decoding does ${significant(intensity)} FLOP for each byte, the ridge point asks for ${significant(ridge)}.`,
  } satisfies Finding<{ intensity: number; ridge: number }>,

  wall: {
    holds: ({ rows }) => rows.some(({ fits }) => !fits) && rows.some(({ fits }) => fits),
    says: ({ rows }) => {
      const inside = rows.filter(({ fits }) => fits);
      const [first, last] = [inside[0]!, inside.at(-1)!];
      const beyond = rows.find(({ fits }) => !fits)!;
      return (
        `From batch ${first.batch} to ${last.batch} the rate goes from ${Math.floor(first.rate)} to ` +
        `${Math.floor(last.rate)} tokens a second, ${significant(last.rate / first.rate, 2)} times as many for ` +
        `${last.batch / first.batch} times the batch. Batch ${beyond.batch} does not fit: it is no slower, it does ` +
        `not run at all.`
      );
    },
    otherwise: ({ rows }) => `All of ${rows.length} batches fit, or none does: there is no wall among them.`,
  } satisfies Finding<{ rows: readonly { batch: number; fits: boolean; rate: number }[] }>,

  "decode-attention": {
    holds: ({ rows }) => rows.length > 0 && rows.every((r) => Math.abs(r.intensity / (r.heads / r.kvHeads) - 1) < 0.05),
    says: ({ rows }) =>
      `The intensity of attention in a decode step is the group size, at any batch: ${groups(rows)}. No batch shares ` +
      `keys and values, so that only a group can.`,
    otherwise: ({ rows }) => `The intensities are ${rows.map((r) => significant(r.intensity)).join(", ")} FLOP/byte.`,
  } satisfies Finding<{ rows: readonly Shared[] }>,

  napkin: {
    holds: ({ step, full }) => Math.abs(step / full - 1) < 0.05,
    says: ({ step, full, kv }) =>
      `The formula says ${formatTime(step)}, ${formatTime(kv)} of them for keys and values; with activations it is ` +
      `${formatTime(full)}.`,
    otherwise: ({ step, full }) =>
      `The formula says ${formatTime(step)}, the full count ${formatTime(full)}: too far off.`,
  } satisfies Finding<{ step: number; full: number; kv: number }>,

  walls: {
    holds: ({ walls, full }) =>
      walls.length > 1 && walls.every(({ kvBytes, weightBytes }) => kvBytes + weightBytes > 0) && full > 0,
    says: ({ walls, full }) =>
      `At the wall: ${walls
        .map((w) => `${w.name}, batch ${w.batch}, ${grouped(Math.floor(w.tokensPerSecond))} tokens a second`)
        .join(
          "; ",
        )}. Reading the whole memory takes ${formatTime(full)}, whatever fills it; the steps at the wall take ` +
      `${walls.map((w) => formatTime(w.seconds)).join(", ")}.`,
    otherwise: () => "There are no walls to compare.",
  } satisfies Finding<{ walls: readonly (DecodeStep & { name: string })[]; full: number }>,

  "prompts-and-answers": {
    holds: ({ rows }) => rows.length > 1 && rows.every((r, i) => i === 0 || part(r) > part(rows[i - 1]!)),
    says: ({ rows }) =>
      `The larger the batch, the larger prefill's part of a request: ` +
      `${prefillParts(rows)}. While a prompt is read, for ${formatTime(rows[0]!.prefill)}, the others wait as ` +
      `long as for ` +
      `${significant(rows.at(-1)!.prefill / rows.at(-1)!.step, 2)} steps of the largest batch.`,
    otherwise: ({ rows }) => `Prefill's part of a request: ${prefillParts(rows)}.`,
  } satisfies Finding<{ rows: readonly Request[] }>,

  links: {
    holds: ({ widths, links }) => widths.length > 0 && links.length > 0,
    says: ({ widths, links }) =>
      links
        .map(({ level, ridge }) => {
          const free = widths.filter(({ d }) => d / 2 > ridge).map(({ d }) => grouped(d));
          const who = free.length > 0 ? `of these ${free.join(" and ")}` : "none of these";
          return (
            `Over ${level} a model must be wider than ${grouped(Math.ceil(2 * ridge))} for sending to take less time ` +
            `than computing: ${who}.`
          );
        })
        .join(" "),
    otherwise: () => "There is nothing to compare.",
  } satisfies Finding<{ widths: readonly { d: number }[]; links: readonly { level: string; ridge: number }[] }>,

  "training-ledger": {
    holds: ({ ways: { unfused, fused, checkpoints } }) =>
      fused!.activations < unfused!.activations && checkpoints!.activations < fused!.activations,
    says: ({ ways, layers, memory }) => {
      const { unfused, fused, checkpoints } = ways;
      const fit = Object.entries(ways).filter(([, { total }]) => total <= memory);
      const named = fit.map(([name, { total }]) => `${name} (${si(total, "B")})`).join(", ");
      return (
        `A layer keeps ${si(unfused!.activations / layers, "B")} without fusion, ` +
        `${si(fused!.activations / layers, "B")} with it and ` +
        `${si(checkpoints!.activations / layers, "B")} as a checkpoint. On one device of ${si(memory, "B")} ` +
        `${fit.length > 0 ? `there fit: ${named}` : "none of them fits"}.`
      );
    },
    otherwise: ({ ways }) =>
      `Fusion and checkpoints do not save activations here: ${Object.values(ways)
        .map(({ activations }) => si(activations, "B"))
        .join(", ")}.`,
  } satisfies Finding<{ ways: Readonly<Record<string, TrainingMemory>>; layers: number; memory: number }>,
};

export interface Shared {
  readonly heads: number;
  readonly kvHeads: number;
  readonly batch: number;
  readonly intensity: number;
}

export interface Request {
  readonly batch: number;
  readonly prefill: number;
  readonly decode: number;
  readonly step: number;
}

const prefillParts = (rows: readonly Request[]): string =>
  rows.map((r) => `${(100 * part(r)).toFixed(0)} % at batch ${r.batch}`).join(", ");

const part = ({ prefill, decode }: Request): number => prefill / (prefill + decode);

const groups = (rows: readonly Shared[]): string =>
  [...new Set(rows.map(({ kvHeads }) => kvHeads))]
    .map((kvHeads) => {
      const own = rows.filter((r) => r.kvHeads === kvHeads);
      const values = [...new Set(own.map((r) => significant(r.intensity)))].join(" to ");
      return `${values} FLOP/byte with ${kvHeads} heads of keys at batch ${own.map((r) => r.batch).join(", ")}`;
    })
    .join("; ");
