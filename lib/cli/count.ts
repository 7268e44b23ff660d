// `ridgepoint count <name|file>`: what a model costs.
import type { ToolCount } from "../convention.js";
import { countingOptions, countMore, countOptions, countRecord, type CountMore } from "../explore/count.js";
import { sourceOf, type Counted } from "../explore/source.js";
import { modelMemory, modelTotals, type Totals } from "../explore/totals.js";
import { workloadOptions } from "../explore/workload.js";
import { printable } from "../text/escape.js";
import { costRows } from "../models/costRows.js";
import { tableOf } from "../text/table.js";
import type { TensorFile } from "../import/tensorFile.js";
import type { Model } from "../model.js";
import { arithmeticIntensity } from "../op.js";
import { binary, grouped, si } from "../units.js";
import { askedOf } from "./asked.js";
import { needed, read, type Command } from "./command.js";
import { lineName } from "./lineName.js";
import { lowerBound, shortfall } from "./shortfall.js";
import { bytes, counted, described, json, lines } from "./text.js";

const who = "count";
const spec = { ...workloadOptions, ...countingOptions, json: "boolean" } as const;

export const count: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const chosen = countOptions(options);
  const found = await sourceOf(who, await askedOf(who, asked), options);
  const more = countMore(found, chosen);
  return options.json ? json(countRecord(found, more)) : people(found, more);
};

function people(found: Counted, { tool, depth }: CountMore): string {
  const { model, file, uncounted = [], differences = [], note } = found;
  const parts = [title(found)];
  if (note !== undefined) parts.push(`${printable(note)}\n`);
  if (file) parts.push(header(file));
  for (const text of differences.slice(0, 8)) parts.push(`file and model differ: ${printable(text)}\n`);
  if (differences.length > 8) parts.push(`file and model differ in ${grouped(differences.length - 8)} places more\n`);
  if (!model) {
    parts.push("MACs, FLOPs and traffic need a configuration: put the model's config.json beside the file.\n");
    if (file?.why !== undefined) parts.push(`The file tells none: ${printable(file.why)}\n`);
    return parts.join("");
  }
  parts.push(shortfall(found, modelTotals(model).flops), figures(model, uncounted.length === 0));
  if (uncounted.length > 0)
    parts.push(
      `\nNot counted, so missing above: ${grouped(uncounted.length)} nodes\n`,
      ...uncounted.slice(0, 20).map((u) => `  ${printable(`${u.path} (${u.opType}): ${u.why}`)}\n`),
    );
  if (tool) parts.push(`\n${asTool(tool)}`);
  if (depth !== undefined) parts.push(`\n${tableOf(costRows(model, depth)).text}\n`);
  return parts.join("");
}

function title({ name, model }: Counted): string {
  if (!model) return `${printable(name)}\n\n`;
  const both = model.name === name ? name : `${name}: ${model.name}`;
  return `${printable(both)}\n${printable(described(model.workload))}\n\n`;
}

function header(file: TensorFile): string {
  const architecture = file.architecture ? `, ${file.architecture}` : "";
  const byDtype = Object.entries(file.bytesByDtype).map(([dtype, n]) => `${dtype} ${si(n, "B")}`);
  return lines([
    ["file", `${file.format}, ${grouped(file.tensors.length)} tensors${architecture}`],
    ["stored numbers", counted(file.params)],
    ["stored bytes", bytes(file.bytes)],
    ["by dtype", byDtype.join(", ")],
  ]);
}

/** `whole`: whether no node is missing from the totals. */
function figures(model: Model, whole: boolean): string {
  const c = modelTotals(model);
  if (model.unpriced !== undefined)
    return `${lines(arithmetic(c, whole))}\nBytes are not known: ${printable(model.unpriced)}\n`;
  const { lines: held, notComputed } = modelMemory(model);
  const inMemory = Object.entries(held).map(
    ([line, n]) => `${line === "peakActivations" ? "activations up to" : lineName(line)} ${binary(n)}`,
  );
  if (notComputed !== undefined) inMemory.push(`the rest was not computed: ${notComputed}`);
  const ofCounted = whole ? "" : ", of what is counted";
  const intensity = `${arithmeticIntensity(c).toPrecision(4)} FLOP/B${ofCounted}`;
  return lines([
    ...arithmetic(c, whole),
    ["bytes read", lowerBound(`${bytes(c.bytesRead)}, weights ${binary(c.weightBytes)}`, c.bytesRead, whole)],
    ["bytes written", lowerBound(bytes(c.bytesWritten), c.bytesWritten, whole)],
    ["arithmetic intensity", intensity],
    ["in memory", inMemory.join(", ")],
    c.exact ? undefined : ["note", "a figure above 2^53 is rounded"],
  ]);
}

const arithmetic = (c: Totals, whole: boolean): Parameters<typeof lines>[0] => [
  ["parameters", counted(c.params)],
  c.activeParams === c.params ? undefined : ["active parameters", counted(c.activeParams)],
  ["MACs", lowerBound(counted(c.macs), c.macs, whole)],
  c.exactMacs === c.macs ? undefined : ["MACs unmasked", `${counted(c.exactMacs)}, without what the mask hides`],
  ["FLOPs", lowerBound(`${counted(c.flops)} = 2 MACs + ${si(c.flops - 2 * c.macs)} others`, c.flops, whole)],
];

function asTool({ tool, version, unit, value, macs, ours, terms, crash, unstudied }: ToolCount): string {
  if (crash !== undefined) return `as ${tool} ${version}: fails (${printable(crash)})\n`;
  if (unstudied !== undefined) return `as ${tool} ${version}: no figure (${printable(unstudied)})\n`;
  const rows = [...terms]
    .sort((a, b) => Math.abs(b.count) - Math.abs(a.count))
    .map(({ term, count: more, why }) => ({ difference: more, op: term, why }));
  const theirs = `${counted(value!)} ${unit}${macs === undefined ? "" : `, MACs ${grouped(macs)}`}`;
  const both = lines([
    [`as ${tool} ${version}`, theirs],
    ["ours", `${counted(ours)} ${unit}`],
  ]);
  return rows.length ? `${both}${tableOf(rows).text}\n` : both;
}
