// `ridgepoint devices [word]`: the table of devices, every figure dense.
import { shown } from "../check.js";
import { devicesNamed } from "../devices.js";
import { tableOf } from "../text/table.js";
import { si } from "../units.js";
import { read, type Command } from "./command.js";
import { json } from "./text.js";

/** Formats shown to people, the widest first; `--json` has all. */
const shownFormats = ["fp32", "bf16", "fp16", "fp8", "int8", "fp4"] as const;

export const devicesCommand: Command = (args) => {
  const { options, words } = read("devices", args, { json: "boolean" }, ["[word]"]);
  const [word = ""] = words;
  const asked = devicesNamed(word);
  if (asked.length === 0) throw new RangeError(`devices: word must be part of an id or a name, got ${shown(word)}`);
  if (options.json) return json({ devices: asked });
  const rows = asked.map(({ id, name, peakFlops, bandwidth, memory }) => ({
    id,
    name,
    ...Object.fromEntries(shownFormats.map((f) => [f, peakFlops[f] === undefined ? "" : si(peakFlops[f]!)])),
    "B/s": si(bandwidth),
    memory: memory === undefined ? "" : si(memory, "B"),
    "ridge bf16": peakFlops.bf16 === undefined ? "" : (peakFlops.bf16 / bandwidth).toFixed(1),
  }));
  const units = "Dense FLOP/s by format (integer formats: OP/s); bandwidth of main memory.";
  return `${tableOf(rows).text}\n\n${units} Sources and doubts: --json.\n`;
};
