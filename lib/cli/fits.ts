// `ridgepoint fits <name|file> --device <id>`: what a phase needs in a device's memory, line by line.
import { fitsAnswer, fitsOptions, fitsRecord, type FitsAnswer } from "../explore/fits.js";
import { sourceOf } from "../explore/source.js";
import { workloadOptions } from "../explore/workload.js";
import { modelCost } from "../model.js";
import { printable } from "../text/escape.js";
import { grouped, si } from "../units.js";
import { askedOf } from "./asked.js";
import { needed, read, type Command } from "./command.js";
import { deviceOf } from "./device.js";
import { lineName } from "./lineName.js";
import { shortfall } from "./shortfall.js";
import { bytes, described, json, lines } from "./text.js";

const who = "fits";
const spec = { ...workloadOptions, ...fitsOptions, device: "string", json: "boolean" } as const;

export const fits: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const on = await deviceOf(who, needed(who, [options.device ?? ""], 0, "--device with an id such as h100-sxm"));
  const found = await sourceOf(who, await askedOf(who, asked), options);
  const answer = fitsAnswer(found, on, options);
  if (options.json) return json(fitsRecord(found, answer));
  return `${shortfall(found, modelCost(answer.model).flops)}${people(answer)}`;
};

function people({ model, on, found, ok, chosen }: FitsAnswer): string {
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
