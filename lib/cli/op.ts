// `ridgepoint op <kind> '<json shape>'`: what one layer costs.
import { lookUp, record } from "../check.js";
import { toolNamed } from "../convention/index.js";
import { countAs, type ToolCount } from "../convention.js";
import { parseJson } from "../import/json.js";
import { arithmeticIntensity, cost, type Op } from "../op.js";
import { layersByName, type AnyLayer, type PrecisionOptions } from "../ops/index.js";
import { printable } from "../text/escape.js";
import { grouped, si } from "../units.js";
import { needed, read, type Command } from "./command.js";
import { layersAsJson, layersListed } from "./opKeys.js";
import { bytes, counted, json, lines } from "./text.js";

const who = "op";

export const op: Command = (args) => {
  const { options, words } = read(who, args, { as: "string", json: "boolean" }, ["<kind>", "'<json shape>'"]);
  if (words.length === 0) return options.json ? layersAsJson() : layersListed();
  const kind = needed(who, words, 0, "a kind of layer");
  const layer = lookUp<AnyLayer>(who, "kind", layersByName, kind);
  const shape = parseJson(
    who,
    "shape",
    new TextEncoder().encode(needed(who, words, 1, `a shape as JSON, such as '${JSON.stringify(layer.example)}',`)),
  );
  record(who, "shape", shape);
  const made = layer(shape as PrecisionOptions);
  const tool = options.as === undefined ? undefined : countAs(toolNamed(who, "--as", options.as), made);
  const c = cost(made);
  if (options.json)
    return json({
      kind,
      outputShape: made.outputs[0]!.shape,
      ...c,
      arithmeticIntensity: arithmeticIntensity(c),
      attributes: made.attributes,
      ...(tool ? { as: tool } : {}),
    });
  const tensors = (list: Op["inputs"]): string =>
    list.map((t) => `${t.name ?? "?"} [${t.shape.join(", ")}] ${t.dtype}`).join(", ") || "none";
  const extras = Object.entries(c.extras).map(([name, n]) => `${name} ${si(n)}`);
  const figures = lines([
    ["inputs", tensors(made.inputs)],
    ["weights", tensors(made.weights)],
    ["outputs", tensors(made.outputs)],
    ["parameters", counted(c.params)],
    c.activeParams === c.params ? undefined : ["active parameters", counted(c.activeParams)],
    ["MACs", counted(c.macs)],
    c.exactMacs === c.macs ? undefined : ["MACs unmasked", counted(c.exactMacs)],
    ["FLOPs", extras.length ? `${counted(c.flops)}, of them ${extras.join(", ")}` : counted(c.flops)],
    c.transcendentals ? ["transcendentals", counted(c.transcendentals)] : undefined,
    ["bytes read", bytes(c.bytesRead)],
    ["bytes written", bytes(c.bytesWritten)],
    ["arithmetic intensity", `${arithmeticIntensity(c).toPrecision(4)} FLOP/B`],
    tool ? [`as ${tool.tool}`, tool.crash ?? tool.unstudied ?? asTool(tool)] : undefined,
  ]);
  return `${printable(kind)}\n${figures}`;
};

function asTool({ value, unit, terms }: ToolCount): string {
  const reasons = terms.map((t) => `; ${t.term}: ${t.why}`);
  return `${grouped(value!)} ${unit}${reasons.join("")}`;
}
