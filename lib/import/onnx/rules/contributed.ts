// ONNX Runtime's operators that are whole layers of their own: norms on channels that come last, experts, relative
// positions, real transforms.
import { shown } from "../../../check.js";
import { elementCount, type Op } from "../../../op.js";
import { fft } from "../../../ops/fft.js";
import { groupNorm } from "../../../ops/norm.js";
import { isEmpty, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { elementwiseOp } from "./elementwise.js";
import { copyOp } from "./viewOrCopy.js";

/** x [batch, height, width, channels], with a residual and a bias added before, and a SiLU perhaps. */
const channelsLastNorm: Rule = (c) => {
  const shape = c.shape(0);
  const n = elementCount(shape);
  const first = c.int("channels_last", 1) !== 1;
  const numChannels = first ? shape[1]! : shape.at(-1)!;
  const op = groupNorm({
    batch: shape[0]!,
    numChannels,
    numGroups: c.int("groups", 1),
    height: n / (shape[0]! * numChannels),
    dtype: c.dtype(),
  });
  const adds = (c.has(3) ? n : 0) + (c.has(4) ? n : 0);
  const silu = c.int("activation", 0) === 1 ? 4 * n : 0;
  const extras = { ...op.extras, ...(adds ? { add: adds } : {}), ...(silu ? { activation: silu } : {}) };
  const x = valueOf(shape, c.dtype());
  return {
    outputs: [x, x],
    ops: [{ op: { ...op, extras, transcendentals: (op.transcendentals ?? 0) + (silu ? n : 0) } }],
  };
};

/** Of all experts (inputs 2, 4, 6, each with a bias behind it) k take a token: x [tokens, width], a router's scores. */
const experts: Rule = (c) => {
  const shape = c.shape(0);
  const tokens = elementCount(shape.slice(0, -1));
  const k = c.int("k", 1);
  const [count] = c.shape(2);
  const matrices = [2, 4, 6].filter((i) => c.has(i));
  const biases = [3, 5, 7].filter((i) => c.has(i));
  if (!count || k < 1 || k > count || matrices.some((i) => c.shape(i)[0] !== count))
    throw new Uncountable(
      `weights must hold the same number of experts, and k from 1 to as many, got ${k} of ${count ?? "none"}`,
    );
  const width = shape.at(-1)!;
  for (const i of matrices) {
    const [, rows, columns, ...more] = c.shape(i);
    if (more.length > 0 || (rows !== width && columns !== width) || !rows || !columns)
      throw new Uncountable(`input ${i} must be ${count} matrices of the width ${width}, got ${shown(c.shape(i))}`);
  }
  for (const i of biases)
    if (c.shape(i)[0] !== count || c.shape(i).length !== 2)
      throw new Uncountable(`input ${i} must be ${count} biases, got ${shown(c.shape(i))}`);
  const each = (list: readonly number[]): number => list.reduce((n, i) => n + elementCount(c.shape(i)) / count, 0);
  const read = Object.fromEntries(
    [...matrices, ...biases].map((i) => [i, (elementCount(c.shape(i)) / count) * Math.min(count, tokens * k)]),
  );
  const inner = each([matrices[0]!]) / width;
  const op: Op = {
    ...elementwiseOp("mixtureOfExperts", "activation", tokens * k, 4 * inner, inner),
    macs: tokens * k * each(matrices),
    activeParams: k * (each(matrices) + each(biases)),
  };
  const sums = tokens * (k - 1) * width;
  const extras = { ...op.extras, bias: tokens * k * each(biases), add: sums, scale: tokens * k * width };
  return { outputs: [valueOf(shape, c.dtype())], ops: [{ op: { ...op, extras } }], read };
};

/** Rows of a learned table by the distance of query and key: [1, heads, queries, keys]. */
const relativeBias: Rule = (c) => {
  const heads = c.shape(0)[1]!;
  const [queries, keys] = [c.data(1)?.[0], c.data(2)?.[0]];
  const out = queries && keys ? [1, heads, queries, keys] : c.declared(0)?.shape;
  if (!out) return { outputs: [{ dtype: c.dtype() }], why: "the numbers of queries and keys are not in the file" };
  return { outputs: [valueOf(out, c.dtype())], ops: [{ op: copyOp(c) }], operands: [1, 2] };
};

/** By elimination: 2 n³ of an n by n matrix. */
const inverse: Rule = (c) => {
  const shape = c.shape(0);
  const n = shape.at(-1)!;
  const op = elementwiseOp("inverse", "decomposition", elementCount(shape.slice(0, -2)), 2 * n ** 3);
  return { outputs: [valueOf(shape, c.dtype())], ops: [{ op }] };
};

const realTransform =
  (back: boolean): Rule =>
  (c) => {
    const shape = c.shape(0);
    const rank = c.int("signal_ndim", 1);
    const last = back ? shape.slice(0, -1) : shape;
    const width = back ? 2 * (last.at(-1)! - 1) : last.at(-1)!;
    const own = [...last.slice(-rank, -1), width];
    const lead = last.slice(0, -rank);
    const half = [...own.slice(0, -1), Math.floor(width / 2) + 1, 2];
    const value = valueOf([...lead, ...(back ? own : half)], c.dtype());
    if (isEmpty(shape)) return { outputs: [value] };
    return { outputs: [value], ops: [{ op: fft({ batch: elementCount(lead), n: own, real: true, inverse: back }) }] };
  };

export const contributed: Readonly<Record<string, Rule>> = {
  GroupNorm: channelsLastNorm,
  SkipGroupNorm: channelsLastNorm,
  MoE: experts,
  RelativePositionBias: relativeBias,
  Inverse: inverse,
  Rfft: realTransform(false),
  Irfft: realTransform(true),
};
