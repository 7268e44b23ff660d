// Which op types are counted, which cost no FLOPs, and which are not supported: from the rules themselves, so that the
// list cannot fall behind.
import type { Rule } from "./context.js";
import { contractions } from "./rules/contraction.js";
import { contributed } from "./rules/contributed.js";
import { convolutions } from "./rules/convolution.js";
import { dynamic } from "./rules/dynamic.js";
import { fused } from "./rules/fused.js";
import { layout } from "./rules/layout.js";
import { learning } from "./rules/learning.js";
import { lists } from "./rules/lists.js";
import { norms } from "./rules/norm.js";
import { pointwise } from "./rules/pointwise.js";
import { quantized } from "./rules/quantized.js";
import { quantizedOperators } from "./rules/quantizedOperators.js";
import { regions } from "./rules/regions.js";
import { resampled } from "./rules/resampled.js";
import { sequence } from "./rules/sequence.js";
import { signal } from "./rules/signal.js";
import { stateful } from "./rules/stateful.js";
import { text } from "./rules/text.js";
import { trees } from "./rules/trees.js";

const counted = {
  ...contractions,
  ...convolutions,
  ...fused,
  ...contributed,
  ...pointwise,
  ...norms,
  ...sequence,
  ...stateful,
  ...quantized,
  ...quantizedOperators,
  ...resampled,
  ...regions,
  ...signal,
  ...learning,
  ...trees,
};
const free = { ...layout, ...lists, ...dynamic, ...text };
/** Counted where their bodies are: controlFlow.ts. */
const bodies = ["If", "Loop", "Scan", "SequenceMap"];
const rules: Readonly<Record<string, Rule>> = { ...free, ...counted };

/**
 * The rule of an op type, whatever its domain: ONNX Runtime's own types have other names than the standard's, or mean
 * the same.
 */
export const ruleOf = (opType: string): Rule | undefined => (Object.hasOwn(rules, opType) ? rules[opType] : undefined);

// All op types of the standard domain, ONNX 1.23 (docs/Operators.md).
const standard = `
Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization
Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike CausalConvWithState
Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger
ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu
Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow
HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM
LayerNormalization LeakyRelu Less LessOrEqual LinearAttention Log LogSoftmax Loop LpNormalization LpPool MatMul
MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul
Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement
OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal
RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp
ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence
RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt SequenceConstruct
SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice
Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat
StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK
Transpose Trilu Unique Unsqueeze Upsample Where Xor`
  .trim()
  .split(/\s+/);

/**
 * Op types that `fromOnnx` counts, those that it passes without FLOPs (views, copies, constants), and those of the
 * standard that it reports as uncounted.
 */
export const onnxCoverage: {
  readonly counted: readonly string[];
  readonly free: readonly string[];
  readonly unsupported: readonly string[];
} = {
  counted: [...Object.keys(counted), ...bodies].sort(),
  free: Object.keys(free).sort(),
  unsupported: standard.filter((name) => !Object.hasOwn(rules, name) && !bodies.includes(name)),
};
