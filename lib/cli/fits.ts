// `ridgepoint fits <name|file> --device <id>`: what a phase needs in a device's memory, line by line.
import { shown } from "../check.js";
import { modelCost, type Model } from "../model.js";
import type { OptimizerOptions } from "../ops/index.js";
import type { Device } from "../roofline.js";
import { fits as fit, type Fit, type FitOptions } from "../serving/index.js";
import { printable } from "../text/escape.js";
import { grouped, si } from "../units.js";
import { integer, needed, read, type Command, type Options } from "./command.js";
import { deviceOf } from "./device.js";
import { shortfall, shortfallFigures } from "./shortfall.js";
import { sourceOf, workloadOptions } from "./source.js";
import { bytes, described, json, lines } from "./text.js";
import { lineName } from "./totals.js";

const who = "fits";
const spec = {
  ...workloadOptions,
  device: "string",
  devices: "string",
  split: "string",
  reserve: "string",
  optimizer: "string",
  "master-weights": "boolean",
  recompute: "boolean",
  zero: "string",
  "lora-rank": "string",
  "lora-targets": "string",
  "fused-attention": "boolean",
  json: "boolean",
} as const;

export const fits: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const on = await deviceOf(who, needed(who, [options.device ?? ""], 0, "--device with an id such as h100-sxm"));
  const source = await sourceOf(who, asked, options);
  const { model } = source;
  if (!model)
    throw new RangeError(`${who}: a file must come with a configuration, got a header alone in ${shown(asked)}`);
  const chosen = optionsOf(options, model);
  const found = fit(model, on, chosen);
  // What is known alone may be too much; that it fits needs all of it.
  const ok = found.ok && source.uncounted?.length ? undefined : found.ok;
  const answer = { model, on, found, ok, chosen };
  if (options.json) return json({ ...record(asked, answer), ...shortfallFigures(source) });
  return `${shortfall(source, modelCost(model).flops)}${people(answer)}`;
};

interface Answer {
  model: Model;
  on: Device;
  found: Fit;
  ok: boolean | undefined;
  chosen: FitOptions;
}

function optionsOf(given: Options<typeof spec>, { workload }: Model): FitOptions {
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

function parallelOf({ devices, split }: Options<typeof spec>, usual: (typeof splits)[number]) {
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
function record(asked: string, { model, on, found, ok, chosen }: Answer): Record<string, unknown> {
  const { phase, ledger, needed: sum, memory, headroom, maxBatch = null, maxContext = null } = found;
  return {
    name: asked,
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
  };
}

function people({ model, on, found, ok, chosen }: Answer): string {
  const { phase, ledger, memory, headroom, maxBatch, maxContext } = found;
  const { parallel = {}, reserve = 0 } = chosen;
  const each = Object.entries(parallel).map(([split, n]) => `, on each of ${n} devices (${split} parallel)`);
  const place = printable(`${model.name} on ${on.name}`);
  const title = `${place}${each.join("")}\n${printable(described(model.workload))}\n\n`;
  const short = `does not fit, ${si(-headroom, "B")} too much`;
  const verdict =
    ok === undefined ? "not known, as not all is counted" : ok ? `fits, ${si(headroom, "B")} to spare` : short;
  const context = maxContext === Infinity ? "any" : maxContext === undefined ? undefined : grouped(maxContext);
  const body = lines([
    ...Object.entries(ledger).map(([line, n]): [string, string] => [lineName(line), bytes(n)]),
    ["sum", bytes(found.needed)],
    ["device memory", bytes(memory)],
    ["verdict", verdict],
    maxBatch === undefined ? undefined : ["largest batch", grouped(maxBatch)],
    context === undefined ? undefined : ["longest context", context],
  ]);
  const left = [reserve > 0 ? "" : "the runtime's own memory (--reserve)", "fragmentation"].filter(Boolean).join(", ");
  const buffers = phase === "train" ? ", communication buffers" : "";
  return `${title}${body}\nNot in the sum: ${left}${buffers}.\n`;
}
