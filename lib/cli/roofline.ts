// `ridgepoint roofline <name|file> --device <id>`: what a device's roofs allow.
import { memoryBound, rooflineFigures, rooflineRecord, type RooflineFigures } from "../explore/roofline.js";
import { sourceOf } from "../explore/source.js";
import { workloadOptions } from "../explore/workload.js";
import { integer } from "../explore/integer.js";
import { printable } from "../text/escape.js";
import { tableOf } from "../text/table.js";
import { costByPath } from "../model.js";
import { estimate } from "../roofline.js";
import { bytesMoved } from "../op.js";
import { binary, formatTime, si } from "../units.js";
import { askedOf } from "./asked.js";
import { needed, read, type Command } from "./command.js";
import { deviceOf } from "./device.js";
import { lineName } from "./lineName.js";
import { shortfall } from "./shortfall.js";
import { described, json, lines } from "./text.js";

const who = "roofline";
const spec = { ...workloadOptions, device: "string", depth: "string", json: "boolean" } as const;

export const roofline: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const on = await deviceOf(who, needed(who, [options.device ?? ""], 0, "--device with an id such as h100-sxm"));
  const depth = integer(who, "depth", options.depth ?? "1", 0);
  const found = await sourceOf(who, await askedOf(who, asked), options);
  const figures = rooflineFigures(found, on, options.dtype);
  if (options.json) return json(rooflineRecord(found, figures));
  const detail = depth === 0 ? "" : `\n${parts(figures, depth)}\n`;
  return `${title(figures)}${shortfall(found, figures.c.flops)}${summary(figures)}${detail}`;
};

const title = ({ model, on }: RooflineFigures): string =>
  `${printable(`${model.name} on ${on.name}`)}\n${printable(described(model.workload))}\n\n`;

function summary({ model, on, dtype, c, bound, byOp, peak, ridge, memory, fits }: RooflineFigures): string {
  const held = Object.entries(memory.lines).map(([line, n]) => `${lineName(line)} ${binary(n)}`);
  const missing = memory.notComputed === undefined ? "" : `; the rest was not computed: ${memory.notComputed}`;
  const verdict = fits ? "fits" : "does not fit";
  const room = fits === undefined ? "" : ` of ${binary(on.memory!)}: ${verdict}`;
  const ofOps = `${memoryBound(byOp)} of ${model.nodes.length} ops by memory`;
  return lines([
    ["roofs", `${si(peak, "FLOP/s")} in ${dtype}, ${si(on.bandwidth, "B/s")}`],
    ["ridge point", `${ridge.toPrecision(4)} FLOP/B`],
    ["arithmetic intensity", `${bound.arithmeticIntensity.toPrecision(4)} FLOP/B: ${bound.bound}-bound`],
    ["compute", `${formatTime(bound.computeSeconds)} for ${si(c.flops, "FLOP")}`],
    ["memory", `${formatTime(bound.memorySeconds)} for ${si(bytesMoved(c), "B")}`],
    ["bounds on time", `${formatTime(bound.seconds)} to ${formatTime(bound.upperSeconds)}, launches not counted`],
    ["op by op", `${formatTime(byOp.seconds)} at least when each op is bound by itself; ${ofOps}`],
    ["must stand in memory", `${held.join(", ")}${room}${missing}`],
  ]);
}

/** The table of the model's parts, by the first `depth` steps of their paths. */
function parts({ model, on, dtype, bound }: RooflineFigures, depth: number): string {
  const rows = costByPath(model, depth).map(({ path, cost }) => {
    const part = estimate(cost, on, dtype);
    return {
      path,
      "lower bound": formatTime(part.seconds),
      "FLOP/B": part.arithmeticIntensity,
      bound: part.bound,
      "share of time": `${((100 * part.seconds) / (bound.seconds || 1)).toFixed(1)} %`,
    };
  });
  return tableOf(rows).text;
}
