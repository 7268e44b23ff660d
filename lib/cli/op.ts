// `ridgepoint op <kind> '<json shape>'`: what one layer costs.
import { lookUp, record } from "../check.js";
import { toolNamed } from "../convention/index.js";
import { countAs, type ToolCount } from "../convention.js";
import { parseJson } from "../import/json.js";
import { printable } from "../text/escape.js";
import { arithmeticIntensity, cost, type Op } from "../op.js";
import * as ops from "../ops/index.js";
import { grouped, si } from "../units.js";
import { needed, read, type Command } from "./command.js";
import { bytes, counted, json, lines } from "./text.js";

const who = "op";
type Layer = (shape: never) => Op;

/** The layers by the names that lib exports them under. */
const layers: Readonly<Record<string, Layer>> = {
  linear: ops.linear,
  conv1d: ops.conv1d,
  conv2d: ops.conv2d,
  conv3d: ops.conv3d,
  convTranspose2d: ops.convTranspose2d,
  matmul: ops.matmul,
  einsum: ops.einsum,
  attention: ops.attention,
  mla: ops.mla,
  moe: ops.moe,
  embedding: ops.embedding,
  layerNorm: ops.layerNorm,
  rmsNorm: ops.rmsNorm,
  batchNorm: ops.batchNorm,
  groupNorm: ops.groupNorm,
  softmax: ops.softmax,
  add: ops.add,
  sub: ops.sub,
  mul: ops.mul,
  div: ops.div,
  maxPool: ops.maxPool,
  avgPool: ops.avgPool,
  lstm: ops.lstm,
  gru: ops.gru,
  ...Object.fromEntries(
    ops.activationKinds.map((kind): [string, Layer] => [kind, (shape) => ops.activation(kind, shape)]),
  ),
  gelu: ops.gelu,
};

export const op: Command = (args) => {
  const { options, words } = read(who, args, { as: "string", json: "boolean" }, ["<kind>", "'<json shape>'"]);
  const kind = needed(who, words, 0, "a kind of layer");
  const layer = lookUp(who, "kind", layers, kind);
  const shape = parseJson(
    who,
    "shape",
    new TextEncoder().encode(
      needed(
        who,
        words,
        1,
        `a shape as JSON, such as '{"tokens": 8, "inFeatures": 768, "outFeatures": 3072}' for linear,`,
      ),
    ),
  );
  record(who, "shape", shape);
  const made = layer(shape as never);
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
    tool ? [`as ${tool.tool}`, tool.crash ?? asTool(tool)] : undefined,
  ]);
  return `${printable(kind)}\n${figures}`;
};

function asTool({ value, unit, terms }: ToolCount): string {
  const reasons = terms.map((t) => `; ${t.term}: ${t.why}`);
  return `${grouped(value!)} ${unit}${reasons.join("")}`;
}
