// The index of layers: every one has its line here, and is known by it to all that is derived from layers.
export * from "./linear.js";
export * from "./groupedLinear.js";
export { conv1d, conv2d, conv3d } from "./conv.js";
export type { Conv1dShape, Conv2dShape, Conv3dShape, ConvOptions } from "./conv.js";
export * from "./convTranspose.js";
export * from "./matmul.js";
export * from "./einsum.js";
export { attention, type AttentionShape } from "./attention.js";
export * from "./mla.js";
export { moe, type MoeShape } from "./moe.js";
export * from "./embedding.js";
export * from "./norm.js";
export * from "./batchNorm.js";
export { softmax, type SoftmaxShape } from "./softmax.js";
export {
  type PointwiseShape,
  type GeluShape,
  type Work,
  type GradientWork,
  type ActivationCost,
  type ActivationKind,
  activationKinds,
  relu,
  relu6,
  leakyRelu,
  sigmoid,
  tanh,
  silu,
  geluTanh,
  quickGelu,
  hardsigmoid,
  hardswish,
  elu,
  softplus,
  mish,
  gelu,
  activation,
} from "./activation.js";
export * from "./softcap.js";
export * from "./rope.js";
export * from "./elementwise.js";
export * from "./concat.js";
export * from "./prependToken.js";
export * from "./pool.js";
export * from "./recurrent.js";
