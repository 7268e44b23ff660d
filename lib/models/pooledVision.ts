// Gemma 4's tower: patches of an image of any size, four norms a layer, and means over squares of patches. Checked
// against transformers 5.24: Gemma4VisionModel.
import type { ActivationKind } from "../ops/index.js";
import { modelInput, view, type Activation, type Layers } from "./layers.js";

/** Sizes of such a tower. */
export interface PooledVisionConfig {
  /** Pixels along a side of a patch. */
  patchSize: number;
  /** Patches along a side of a square that becomes one position of the text. */
  poolSize: number;
  /** Channels of the image. */
  numChannels: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** Width of the feed-forward. */
  intermediateSize: number;
  /** Heads of the queries. */
  heads: number;
  /** Heads of keys and values. */
  kvHeads: number;
  /** Width of a head. */
  headDim: number;
  /** Activation of the gate. */
  act: ActivationKind;
  /** Rows and columns that the two tables of positions know. */
  positionRows: number;
}

/**
 * What the tower makes of images [images, channels, height, width]: a mean for each square of patches. The mean is a
 * product with a matrix that picks the patches, as transformers computes it. Neglected: how pixels and means are scaled
 * and standardized.
 */
export function seePooled(net: Layers, images: Activation, config: PooledVisionConfig, path: string): Activation {
  const { patchSize, hiddenSize, numChannels, positionRows, poolSize } = config;
  const [count, , height, width] = images.shape as [number, number, number, number];
  const tokens = (height / patchSize) * (width / patchSize);
  const patches = view(images, [count, tokens, numChannels * patchSize ** 2]);
  const embedded = net.linear(`${path}/patch_embedder/input_proj`, patches, hiddenSize, { bias: false });
  const stored = [2, positionRows, hiddenSize];
  let x = net.addParameter(`${path}/patch_embedder/position_embedding_table`, embedded, [tokens, hiddenSize], {
    stored,
  });
  for (let i = 0; i < config.numHiddenLayers; i++) x = layer(net, `${path}/encoder/layers.${i}`, x, config);
  const squares = tokens / poolSize ** 2;
  const picked = { shape: [count, squares, tokens], node: modelInput };
  const means = net.matmul(`${path}/pooler`, { batch: count, m: squares, n: hiddenSize, k: tokens }, [picked, x]);
  return view(means, [count, squares, hiddenSize]);
}

function layer(net: Layers, path: string, x: Activation, config: PooledVisionConfig): Activation {
  const { hiddenSize, intermediateSize, act } = config;
  const seen = attending(net, `${path}/self_attn`, net.rmsNorm(`${path}/input_layernorm`, x), config);
  const y = net.add(`${path}/add_attention`, net.rmsNorm(`${path}/post_attention_layernorm`, seen), x);
  const normed = net.rmsNorm(`${path}/pre_feedforward_layernorm`, y);
  const gate = net.linear(`${path}/mlp/gate_proj`, normed, intermediateSize, { bias: false });
  const up = net.linear(`${path}/mlp/up_proj`, normed, intermediateSize, { bias: false });
  const gated = net.multiply(`${path}/mlp/gated`, net.activate(`${path}/mlp/act_fn`, gate, act), up);
  const down = net.linear(`${path}/mlp/down_proj`, gated, hiddenSize, { bias: false });
  return net.add(`${path}/add_output`, net.rmsNorm(`${path}/post_feedforward_layernorm`, down), y);
}

/** Queries and keys are normed head by head and turned; values are normed without scales. */
function attending(net: Layers, path: string, x: Activation, config: PooledVisionConfig): Activation {
  const { hiddenSize, heads, kvHeads, headDim } = config;
  const [batch, tokens] = x.shape as [number, number];
  const projected = (name: string, n: number): Activation =>
    net.linear(`${path}/${name}_proj`, x, n * headDim, { bias: false });
  const byHead = (y: Activation, n: number): Activation => view(y, [batch * tokens * n, headDim]);
  const whole = (y: Activation, n: number): Activation => view(y, [batch, tokens, n * headDim]);
  const turned = (name: string, n: number): Activation => {
    const normed = net.rmsNorm(`${path}/${name}_norm`, byHead(projected(name, n), n));
    return net.rope(`${path}/${name}_rope`, whole(normed, n), { heads: n, rotaryDim: headDim });
  };
  const operands = [
    turned("q", heads),
    turned("k", kvHeads),
    whole(net.normalize(`${path}/v_norm`, byHead(projected("v", kvHeads), kvHeads)), kvHeads),
  ];
  const shape = { batch, tokens, context: tokens, heads, kvHeads, headDim, causal: false };
  return net.linear(`${path}/o_proj`, net.attention(`${path}/attention`, shape, operands), hiddenSize, { bias: false });
}
