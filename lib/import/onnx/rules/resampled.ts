// Nodes that read an image between its pixels: the work of a resize and of a sampling at given places follows from
// their taps.
import { shown } from "../../../check.js";
import { elementCount } from "../../../op.js";
import { gridSample } from "../../../ops/gridSample.js";
import { resize } from "../../../ops/resize.js";
import { axisOf, isEmpty, type Context, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { spatial } from "./convolution.js";

/** The sizes of a resize's output, and its scales where it is told by them; undefined where the file has neither. */
function resized(c: Context): { out: readonly number[]; scales?: readonly number[] } | undefined {
  const shape = c.shape(0);
  const upsample = c.node.opType === "Upsample" || c.opset < 11;
  const sizes = !upsample && c.has(3) ? c.data(3) : undefined;
  const scalesAt = upsample ? 1 : 2;
  const scales = (c.has(scalesAt) ? c.data(scalesAt) : undefined) ?? c.floats("scales");
  const given = sizes?.length ? sizes : scales;
  if (!given?.length) {
    const out = c.declared(0)?.shape;
    return out?.length === shape.length ? { out } : undefined;
  }
  const axes = (c.ints("axes") ?? shape.map((_, i) => i)).map((a) => axisOf(a, shape.length));
  if (given.length !== axes.length)
    throw new Uncountable(`sizes or scales must be ${axes.length} numbers, got ${shown(given)}`);
  const byAxis = (otherwise: readonly number[], told: readonly number[]): number[] =>
    otherwise.map((n, a) => (axes.includes(a) ? told[axes.indexOf(a)]! : n));
  if (!sizes?.length) {
    const all = byAxis(
      shape.map(() => 1),
      given,
    );
    return { out: shape.map((d, i) => Math.floor(d * all[i]!)), scales: all };
  }
  const policy = c.text("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return { out: byAxis(shape, sizes) };
  const ratios = axes.map((a, i) => sizes[i]! / shape[a]!);
  const ratio = (policy === "not_larger" ? Math.min : Math.max)(...ratios);
  return {
    out: byAxis(
      shape,
      axes.map((a) => Math.round(shape[a]! * ratio)),
    ),
  };
}

/** The layer's modes by ONNX's, for one dimension, two or three. A cubic one of a signal is one of a single row. */
const modes: Readonly<Record<string, readonly string[]>> = {
  linear: ["linear", "bilinear", "trilinear"],
  bilinear: ["linear", "bilinear", "trilinear"],
  cubic: ["bicubic", "bicubic"],
};

/** The dimensions that change are the layer's spatial ones, and all others its channels. */
const resizeRule: Rule = (c) => {
  const shape = c.shape(0);
  const more = { operands: [1, 2, 3], unstored: [1, 2, 3] };
  const found = resized(c);
  if (!found) return { ...more, outputs: [{ dtype: c.dtype() }], why: "the size of its output is not in the file" };
  const { out, scales } = found;
  const value = valueOf(out, c.dtype());
  if (isEmpty(shape) || isEmpty(out)) return { ...more, outputs: [value] };
  const changed = shape.map((d, i) => (scales ? scales[i] !== 1 : d !== out[i]));
  const part = <T>(list: readonly T[], of: boolean): T[] => list.filter((_, i) => changed[i] === of);
  const channels = elementCount(part(shape, false));
  const from = part(shape, true);
  const to = part(out, true);
  const mode = c.text("mode", "nearest");
  if (mode === "nearest" || from.length === 0) {
    const op = resize({ channels, length: elementCount(from), size: elementCount(to) });
    return { ...more, outputs: [value], ops: [{ op }] };
  }
  const one = mode === "cubic" && from.length === 1;
  const name = modes[mode]?.[from.length - (one ? 0 : 1)];
  if (name === undefined)
    throw new Uncountable(`mode must be known in the ${from.length} dimensions that change, got ${shown(mode)}`);
  const op = resize({
    channels,
    ...spatial(one ? [1, ...from] : from),
    ...(scales
      ? { scaleFactor: one ? [1, ...part(scales, true)] : part(scales, true) }
      : { size: one ? [1, ...to] : to }),
    mode: name,
    antialias: c.int("antialias", 0) === 1,
  });
  return { ...more, outputs: [value], ops: [{ op }] };
};

const sampleModes = { nearest: "nearest", cubic: "bicubic", bicubic: "bicubic" } as const;

const gridSampleRule: Rule = (c) => {
  const [batch, channels, ...sizes] = c.shape(0);
  const grid = c.shape(1);
  const mode = c.text("mode", "linear");
  const out = [batch!, channels!, ...grid.slice(1, -1)];
  if (isEmpty(out)) return { outputs: [valueOf(out, c.dtype())] };
  const op = gridSample({
    batch: batch!,
    channels: channels!,
    ...spatial(sizes),
    size: out.slice(2),
    mode: mode in sampleModes ? sampleModes[mode as keyof typeof sampleModes] : "bilinear",
  });
  return { outputs: [valueOf(out, c.dtype())], ops: [{ op }] };
};

export const resampled: Readonly<Record<string, Rule>> = {
  Resize: resizeRule,
  Upsample: resizeRule,
  GridSample: gridSampleRule,
};
