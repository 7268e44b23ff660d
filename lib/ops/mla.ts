// Multi-head latent attention (DeepSeek-V2, V3): keys and values come from one short latent per token, which is what
// the cache holds.
import { positiveIntegers, shown } from "../check.js";
import { cost, type Op, type TensorSpec } from "../op.js";
import { attention } from "./attention.js";
import { gradientOf, readAgain, type BackwardOptions } from "./gradient.js";
import { linear } from "./linear.js";
import { precision, type Precision, type PrecisionOptions } from "./precision.js";
import { rmsNorm } from "./norm.js";
import { booleans, merged } from "./shape.js";

/**
 * `qLoraRank`: absent when queries are not compressed (V2-Lite). `form`: "expanded" makes keys and values of every head
 * from the latent (prefill), "absorbed" moves that matrix to the query's and the output's side, so that all heads read
 * the latent itself (decode).
 */
export interface MlaShape extends PrecisionOptions {
  batch?: number;
  tokens: number;
  context?: number;
  hiddenSize: number;
  heads: number;
  qLoraRank?: number | null;
  kvLoraRank: number;
  qkNopeHeadDim: number;
  qkRopeHeadDim: number;
  vHeadDim: number;
  form?: "expanded" | "absorbed";
  causal?: boolean;
  fused?: boolean;
}

const sizes = "batch tokens context hiddenSize heads qLoraRank kvLoraRank qkNopeHeadDim qkRopeHeadDim vHeadDim";
const keys = `${sizes} form causal fused`.split(" ");

/**
 * A whole MLA layer, projections included: x [batch · tokens, hiddenSize] -> y of the same shape. macs = those of q,
 * kv and output projections + the core's: batch · heads · tokens · context · (nope + rope + v) expanded, · (2
 * kvLoraRank + rope) absorbed. Both apply kvB once per new token. Cache: the expanded form holds keys and values of
 * every head (DeepSeek's "naive"), the absorbed form kvLoraRank + qkRopeHeadDim per position, at `kvDtype`; earlier
 * entries are read, new ones written. Extras: two RMS norms, softmax. Neglected: rotary embedding, intermediates as
 * bytes. Causal by default. (arXiv 2405.04434, 2412.19437)
 */
export function mla(shape: MlaShape, options: PrecisionOptions = {}): Op {
  const {
    batch = 1,
    tokens,
    context = tokens,
    hiddenSize,
    heads,
    qLoraRank = null,
    kvLoraRank,
    qkNopeHeadDim: nope,
    qkRopeHeadDim: rope,
    vHeadDim,
    form = "expanded",
    causal = true,
    fused = true,
    ...rest
  } = merged("mla", shape, options);
  const p = precision("mla", rest, keys);
  positiveIntegers("mla", {
    batch,
    tokens,
    context,
    hiddenSize,
    heads,
    kvLoraRank,
    qkNopeHeadDim: nope,
    qkRopeHeadDim: rope,
    vHeadDim,
    ...(qLoraRank === null ? {} : { qLoraRank }),
  });
  booleans("mla", { causal, fused });
  if (form !== "expanded" && form !== "absorbed")
    throw new RangeError(`mla: form must be "expanded" or "absorbed", got ${shown(form)}`);
  if (context < tokens) throw new RangeError(`mla: context must include the ${tokens} tokens, got ${context}`);
  const rows = batch * tokens;
  const absorbed = form === "absorbed";
  const project = (name: string, inFeatures: number, outFeatures: number) =>
    part(name, linear({ tokens: rows, inFeatures, outFeatures }, given(p)));
  const normalise = (name: string, normalizedShape: number) =>
    part(name, rmsNorm({ tokens: rows, normalizedShape }, given(p)));
  const q =
    qLoraRank === null
      ? [project("q", hiddenSize, heads * (nope + rope))]
      : [
          project("qA", hiddenSize, qLoraRank),
          normalise("qANorm", qLoraRank),
          project("qB", qLoraRank, heads * (nope + rope)),
        ];
  const projections = [
    ...q,
    project("kvA", hiddenSize, kvLoraRank + rope),
    normalise("kvANorm", kvLoraRank),
    project("kvB", kvLoraRank, heads * (nope + vHeadDim)),
    project("o", heads * vHeadDim, hiddenSize),
  ];
  const core = attention(
    {
      batch,
      tokens,
      context,
      heads,
      causal,
      fused,
      ...(absorbed
        ? { kvHeads: 1, headDim: kvLoraRank + rope, vHeadDim: kvLoraRank }
        : { headDim: nope + rope, vHeadDim }),
    },
    given(p),
  );

  const x: TensorSpec = { name: "x", shape: [batch, tokens, hiddenSize], dtype: p.dtype };
  const y: TensorSpec = { ...x, name: "y" };
  const perPosition = absorbed ? kvLoraRank + rope : heads * (nope + rope + vHeadDim);
  const cache = (name: string, positions: number): TensorSpec[] =>
    positions === 0 ? [] : [{ name, shape: [batch, positions, perPosition], dtype: p.kvDtype }];
  const spilled = core.outputs.slice(1);
  const parts = [...projections, core];
  const attributes = {
    batch,
    tokens,
    context,
    hiddenSize,
    heads,
    qLoraRank,
    kvLoraRank,
    qkNopeHeadDim: nope,
    qkRopeHeadDim: rope,
    vHeadDim,
    form,
    causal,
    fused,
  };
  const weights = projections.flatMap((o) => o.weights);
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => {
    const first = new Set(["q", "qA", "kvA"]);
    const ops = [
      ...projections.flatMap((o) =>
        o.backward!({ inputGradient: inputGradient || !first.has(o.attributes!.name as string) }),
      ),
      ...core.backward!(),
    ];
    return [
      {
        kind: "mla.backward",
        inputs: [x, gradientOf(y)],
        weights: readAgain(weights),
        outputs: [
          ...(inputGradient ? [gradientOf(x)] : []),
          ...weights.filter((w) => w.stored !== false).map((w) => gradientOf(w, p.dtype)),
        ],
        ...summed(ops),
        attributes,
      },
    ];
  };
  return {
    kind: "mla",
    inputs: [x, ...cache("cache", context - tokens), ...spilled],
    weights,
    outputs: [y, ...cache("newCache", tokens), ...spilled],
    ...summed(parts),
    attributes,
    backward,
  };
}

/** The precision record as options again. */
const given = ({ dtype, weightDtype, kvDtype, groupSize, scaleDtype, zeroPoints }: Precision): PrecisionOptions => ({
  dtype,
  weightDtype,
  kvDtype,
  groupSize,
  scaleDtype,
  zeroPoints,
});

/** `op` as a named part: its weights carry the name. */
const part = (name: string, op: Op): Op => ({
  ...op,
  attributes: { ...op.attributes, name },
  weights: op.weights.map((w) => ({ ...w, name: `${name}.${w.name}` })),
});

/** The arithmetic of several ops as one. */
function summed(ops: readonly Op[]): Pick<Op, "macs" | "exactMacs" | "extras" | "transcendentals"> {
  const extras: Record<string, number> = {};
  let macs = 0;
  let exactMacs = 0;
  let transcendentals = 0;
  for (const op of ops) {
    const c = cost(op);
    macs += c.macs;
    exactMacs += c.exactMacs;
    transcendentals += c.transcendentals;
    for (const [name, n] of Object.entries(op.extras)) extras[name] = (extras[name] ?? 0) + n;
  }
  return { macs, ...(exactMacs === macs ? {} : { exactMacs }), extras, transcendentals };
}
