// timm's tables of measured inference as rows: what a model counts to, and how many images a second it did.
import * as counts from "./counts.js";
import * as names from "./names.js";
import { otherRatios } from "./otherRatios.js";
import { ratios } from "./ratios.js";

const table = { ...names, ...counts, ratios: { ...ratios, ...otherRatios } };

/** What ran: a GPU with channels last in memory where nothing else is said, or a processor. */
export type TimmRun =
  | "RTX 4090"
  | "RTX 4090, NCHW"
  | "RTX 4090, compiled"
  | "RTX 3090"
  | "RTX 3090, NCHW"
  | "RTX 5090, NCHW"
  | "Core i9, batch 1";

/** Every run of the table, the first one first. */
export const timmRuns: readonly TimmRun[] = [table.first, ...(Object.keys(table.ratios) as TimmRun[])];

/** A model at one size of image, as timm counted and measured it. */
export interface TimmRow {
  /** timm's name of the model. */
  readonly name: string;
  /** Height and width of its images, in pixels. */
  readonly imageSize: number;
  /** Parameters, to 10,000. */
  readonly params: number;
  /** Multiply-adds an image, to ten million. */
  readonly macs: number;
  /** Elements that contractions write, an image, to 10,000. */
  readonly activations: number;
  /** Images a second by run: to four digits in the first, to 0.2 % in the others, absent where timm has no figure. */
  readonly imagesPerSecond: Readonly<Partial<Record<TimmRun, number>>>;
}

/** Where the rows come from: repository, licence, commit and its date. */
export const timmSource = {
  text: "timm's benchmark tables, huggingface/pytorch-image-models, results/ (Apache-2.0)",
  url: `https://github.com/huggingface/pytorch-image-models/tree/${table.commit}/results`,
  commit: table.commit,
  date: table.date,
};

let unpacked: readonly TimmRow[] | undefined;

/**
 * timm's table of measured inference, 1,441 rows by name and image size: mixed precision in PyTorch on GPUs, in large
 * batches; on the processor fp32, compiled, one image at a time. The source is `timmSource`.
 */
export function timmResults(): readonly TimmRow[] {
  unpacked ??= rows();
  return unpacked;
}

function rows(): TimmRow[] {
  const numbers = (column: string, scale: number): number[] => column.split(",").map((n) => parseInt(n, 36) * scale);
  const names = namesOf(table.names);
  const sizes = table.sizes.split(",").map(Number);
  const params = numbers(table.params, 1e4);
  const macs = numbers(table.macs, 1e7);
  const activations = numbers(table.activations, 1e4);
  const rates = table.rates.split(",").map(Number);
  const ratios = Object.entries(table.ratios).map(([run, column]) => [run, column.split(",")] as const);
  return names.map((name, i) => {
    const measured = ratios.flatMap(([run, column]) => {
      const steps = parseInt(column[i]!, 36);
      return Number.isNaN(steps) ? [] : [[run, rates[i]! * Math.exp(steps / table.steps)] as const];
    });
    const imagesPerSecond = { [table.first]: rates[i]!, ...Object.fromEntries(measured) };
    return {
      name,
      imageSize: sizes[i]!,
      params: params[i]!,
      macs: macs[i]!,
      activations: activations[i]!,
      imagesPerSecond,
    };
  });
}

/** Names of which each says how many letters it shares with the one before. */
function namesOf(coded: string): string[] {
  let before = "";
  return coded.split(",").map((text) => {
    before = before.slice(0, parseInt(text[0]!, 36)) + text.slice(1);
    return before;
  });
}
