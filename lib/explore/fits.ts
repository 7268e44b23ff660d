// What `fits` answers, as a record.
import { shown } from "../check.js";
import type { Model } from "../model.js";
import type { OptimizerOptions } from "../ops/index.js";
import type { Device } from "../roofline.js";
import { fits as fit, type Fit, type FitOptions } from "../serving/index.js";
import { integer } from "./integer.js";
import { isWhole, shortfallFigures } from "./shortfallFigures.js";
import { modelOf, type Counted } from "./source.js";
import type { Options } from "./workload.js";

const who = "fits";

/** How a model is held on devices, as a reader types it. */
export const fitsOptions = {
  /** Devices that share the work. */
  devices: "string",
  /** How they share it: "tensor", "expert" or "data". */
  split: "string",
  /** Memory kept free on each: "2GiB", "1.5GB" or bytes. */
  reserve: "string",
  /** The optimizer of training. */
  optimizer: "string",
  /** Whether training keeps weights in fp32 beside. */
  "master-weights": "boolean",
  /** Whether activations are computed again in the backward pass. */
  recompute: "boolean",
  /** What data-parallel devices divide: "0" to "3". */
  zero: "string",
  /** Rank of adapters that are trained in place of the weights. */
  "lora-rank": "string",
  /** Matrices that have adapters, by commas. */
  "lora-targets": "string",
  /** Whether scores never leave the chip. */
  "fused-attention": "boolean",
} as const;
export type FitsTexts = Options<typeof fitsOptions>;

/** What a device's memory must hold, and what was asked. */
export interface FitsAnswer {
  readonly model: Model;
  readonly on: Device;
  readonly found: Fit;
  /** Whether it fits; undefined: not known. */
  readonly ok: boolean | undefined;
  readonly chosen: FitOptions;
}

export function fitsAnswer(counted: Counted, on: Device, given: FitsTexts): FitsAnswer {
  const model = modelOf(who, counted);
  const chosen = optionsOf(given, model);
  const found = fit(model, on, chosen);
  // What is known alone may be too much; that it fits needs all of it.
  const ok = found.ok && !isWhole(counted) ? undefined : found.ok;
  return { model, on, chosen, found, ok };
}

function optionsOf(given: FitsTexts, { workload }: Model): FitOptions {
  const rank = given["lora-rank"];
  const targets = given["lora-targets"]?.split(",");
  if (rank === undefined && targets !== undefined)
    throw new RangeError(`${who}: --lora-targets must stand beside --lora-rank, got none`);
  const lora = rank === undefined ? undefined : { rank: integer(who, "lora-rank", rank), targets };
  const all: FitOptions = {
    optimizer: given.optimizer as OptimizerOptions["optimizer"],
    masterWeights: given["master-weights"],
    recompute: given.recompute,
    zero: given.zero === undefined ? undefined : (integer(who, "zero", given.zero, 0) as 0),
    lora,
    fusedAttention: given["fused-attention"],
    reserve: given.reserve === undefined ? undefined : reserved(given.reserve),
    parallel: parallelOf(given, workload.phase === "train" ? "data" : "tensor"),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const splits = ["tensor", "expert", "data"] as const;

function parallelOf({ devices, split }: FitsTexts, usual: (typeof splits)[number]) {
  if (split !== undefined && !(splits as readonly string[]).includes(split))
    throw new RangeError(`${who}: --split must be one of ${splits.join(", ")}, got ${shown(split)}`);
  if (split !== undefined && devices === undefined)
    throw new RangeError(`${who}: --split must stand beside --devices, got none`);
  return devices === undefined ? undefined : { [split ?? usual]: integer(who, "devices", devices) };
}

/** "1.5GiB", "2GB" or bytes. */
function reserved(text: string): number {
  const [, n, unit] = /^(\d+(?:\.\d+)?)(GiB|GB|MiB|MB|B)?$/i.exec(text) ?? [];
  if (n === undefined)
    throw new RangeError(`${who}: --reserve must be bytes such as 2GiB or 1.5GB, got ${shown(text)}`);
  const units: Readonly<Record<string, number>> = { b: 1, mb: 1e6, mib: 2 ** 20, gb: 1e9, gib: 2 ** 30 };
  return Math.round(Number(n) * units[(unit ?? "B").toLowerCase()]!);
}

/** What `--json` prints. */
export function fitsRecord(counted: Counted, { model, on, found, ok, chosen }: FitsAnswer): Record<string, unknown> {
  const { phase, ledger, needed: sum, memory, headroom, maxBatch = null, maxContext = null } = found;
  return {
    name: counted.name,
    model: model.name,
    workload: { ...model.workload, phase },
    device: on.id,
    options: chosen,
    fits: ok ?? null,
    ledger,
    needed: sum,
    memory,
    headroom,
    maxBatch,
    maxContext,
    ...shortfallFigures(counted),
  };
}
