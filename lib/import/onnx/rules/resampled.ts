// Nodes that read an image between its pixels: the work of a resize and of a sampling at given places follows from
// their taps.
import { elementCount } from "../../../op.js";
import type { Found, Rule } from "../context.js";
import { valueOf } from "../value.js";
import { single } from "./convolution.js";
import { elementwiseOp } from "./elementwise.js";

/** Nearest copies; linear and cubic take 2 or 4 taps in each resized dimension, each a multiply, all but one an add. */
const resize: Rule = (c) => {
  const shape = c.shape(0);
  const upsample = c.node.opType === "Upsample" || c.opset < 11;
  const scalesAt = upsample ? 1 : 2;
  const sizes = !upsample && c.has(3) ? c.data(3) : undefined;
  const scales = c.has(scalesAt) ? c.data(scalesAt) : undefined;
  const operands = [1, 2, 3];
  const unstored = operands;
  if (!sizes?.length && !scales?.length) return { outputs: [undefined], operands, unstored };
  const axes = c.ints("axes") ?? shape.map((_, i) => i);
  const out = [...shape];
  const at = (a: number): number => (a < 0 ? a + shape.length : a);
  const policy = c.text("keep_aspect_ratio_policy", "stretch");
  const ratios = axes.map((a, i) => (sizes?.length ? sizes[i]! / shape[at(a)]! : scales![i]!));
  let ratio: number | undefined;
  if (policy === "not_larger") ratio = Math.min(...ratios);
  if (policy === "not_smaller") ratio = Math.max(...ratios);
  axes.forEach((a, i) => {
    const size = shape[at(a)]!;
    if (!sizes?.length) out[at(a)] = Math.floor(size * scales![i]!);
    else if (ratio === undefined) out[at(a)] = sizes[i]!;
    else out[at(a)] = Math.round(size * ratio);
  });
  const changed = out.filter((d, i) => d !== shape[i]).length;
  const taps = ({ linear: 2, cubic: 4 } as Record<string, number>)[c.text("mode", "nearest")] ?? 1;
  return single(
    c,
    {
      ...elementwiseOp("resize", "interpolate", elementCount(out), taps === 1 ? 0 : 2 * taps ** changed - 1),
      outputs: [{ shape: out, dtype: c.dtype() }],
    },
    { operands, unstored } satisfies Partial<Found>,
  );
};

/** Sampling at given places: taps as a resize's; weights of a tap are neglected. */
const gridSample: Rule = (c) => {
  const shape = c.shape(0);
  const grid = c.shape(1);
  const out = [shape[0]!, shape[1]!, ...grid.slice(1, -1)];
  const mode = c.text("mode", "linear");
  const taps = mode.includes("linear") ? 2 : mode.includes("cubic") ? 4 : 1;
  return {
    outputs: [valueOf(out, c.dtype())],
    ops: [
      {
        op: elementwiseOp(
          "gridSample",
          "interpolate",
          elementCount(out),
          taps === 1 ? 0 : 2 * taps ** (shape.length - 2) - 1,
        ),
      },
    ],
  };
};

export const resampled: Readonly<Record<string, Rule>> = {
  Resize: resize,
  Upsample: resize,
  GridSample: gridSample,
};
