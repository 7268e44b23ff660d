// Image and text encoders of one space (CLIP, SigLIP): each alone, or both with the products between their results.
import { writeHeads, type Head } from "./heads.js";
import { layers, modelInput, view, type Activation, type Layers } from "./layers.js";
import { textNet } from "./net.js";
import { feedForwardHalf, norm, stackLayer, type StackLayer } from "./stack.js";
import { selfAttention } from "./transformer.js";
import { encodeImage, type VisionTransformerConfig } from "./visionTransformer.js";
import { imagePair, noDecode, workload, type ModelOptions } from "./workload.js";
import { shown } from "../check.js";

/** Sizes of an encoder of text beside one of images. */
export interface TextTowerConfig {
  /** Rows of the word embedding. */
  vocabSize: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Rows of the position embedding. */
  positionRows: number;
  /** Layers. */
  numHiddenLayers: number;
  /** One layer. */
  layer: StackLayer;
  /** What makes one vector of a text. */
  heads: readonly Head[];
  /** Where it is described. */
  source: string;
}

/** An image encoder whose result one query attends to (SigLIP), or that has its heads alone. */
export interface ImageTowerConfig extends VisionTransformerConfig {
  /** Whether a learned query pools the result; default false. */
  attentionPool?: boolean;
}

/** The text encoder alone. */
export function textTower(name: string, config: TextTowerConfig, options?: ModelOptions) {
  const { net, batch, tokens } = textNet(name, options, {
    tokens: config.positionRows,
    positions: config.positionRows,
  });
  writeHeads(net, encodeText(net, config, batch, tokens), config.heads);
  return net.model(config.source);
}

/** What the encoder makes of each patch, [images, tokens, width], for a decoder to read; its own heads run beside. */
export function seeImages(net: Layers, input: Activation, config: ImageTowerConfig, path: string): Activation {
  const patches = encodeImage(net, input, config, path);
  writeHeads(net, pooled(net, patches, config, path), config.heads, path);
  return patches;
}

/** The image encoder alone. */
export function imageTower(name: string, config: ImageTowerConfig, options?: ModelOptions) {
  const given = workload(name, options);
  const { net, input } = imageNet(name, given, config, {});
  writeHeads(net, pooled(net, encodeImage(net, input, config), config), config.heads);
  return net.model(config.source, config.unread);
}

/** Both, as many texts as images, and the product of their vectors. `scalars`: learned numbers on it. */
export function dualEncoder(
  name: string,
  { image, text, scalars }: { image: ImageTowerConfig; text: TextTowerConfig; scalars: readonly string[] },
  options?: ModelOptions,
) {
  const given = workload(name, options);
  const { tokens = text.positionRows, batch } = given;
  if (tokens > text.positionRows)
    throw new RangeError(`${name}: tokens must be at most ${text.positionRows} positions, got ${shown(tokens)}`);
  const { net, input } = imageNet(name, given, image, { tokens });
  const seen = pooled(net, encodeImage(net, input, image, "vision_model/"), image, "vision_model/");
  const images = vectors(net, seen, image.heads);
  const texts = vectors(net, encodeText(net, text, batch, tokens, "text_model/"), text.heads);
  const unit = (path: string, x: Activation) => net.normalize(path, x);
  const products = { m: batch, n: batch, k: texts.shape[1]! };
  let logits = net.matmul("logits_per_text", products, [unit("text_norm", texts), unit("image_norm", images)]);
  for (const scalar of scalars)
    logits = scalar.endsWith("bias")
      ? net.addParameter(scalar, logits, [1])
      : net.multiplyParameter(scalar, logits, [1]);
  return net.model(image.source);
}

function imageNet(
  name: string,
  given: ReturnType<typeof workload>,
  { imageSize, numChannels }: ImageTowerConfig,
  more: Readonly<Record<string, unknown>>,
) {
  const { batch, phase, precision, fusedAttention } = given;
  noDecode(name, phase);
  const [height, width] = imagePair(name, given.imageSize, imageSize);
  const size = height === width ? height : [height, width];
  const described = { imageSize: size, batch, ...more, phase, ...precision };
  const net = layers({ name, phase, precision, fusedAttention, workload: described });
  return { net, input: { shape: [batch, numChannels, height, width], node: modelInput } };
}

function encodeText(net: Layers, config: TextTowerConfig, batch: number, tokens: number, path = ""): Activation {
  const { vocabSize, hiddenSize: embeddingDim, positionRows } = config;
  const words = { batch, tokens, numEmbeddings: vocabSize, embeddingDim };
  const positions = { batch: 1, tokens, numEmbeddings: positionRows, embeddingDim };
  let x = net.add(
    `${path}embeddings/add_position`,
    net.embedding(`${path}embeddings/token_embedding`, words),
    net.embedding(`${path}embeddings/position_embedding`, positions),
  );
  for (let i = 0; i < config.numHiddenLayers; i++) x = stackLayer(net, `${path}encoder/layers.${i}`, x, config.layer);
  return norm(net, `${path}final_layer_norm`, x);
}

/** A learned query over all patches, and a feed-forward on what it saw. */
function pooled(net: Layers, x: Activation, config: ImageTowerConfig, path = ""): Activation {
  if (config.attentionPool !== true) return x;
  const [batch, , width] = x.shape as [number, number, number];
  const at = `${path}head`;
  const probe = net.embedding(`${at}/probe`, { batch, tokens: 1, numEmbeddings: 1, embeddingDim: width });
  const seen = selfAttention(net, `${at}/attention`, probe, { ...config.layer.attention, memory: x });
  return feedForwardHalf(net, at, seen, config.layer);
}

function vectors(net: Layers, x: Activation, heads: readonly Head[]): Activation {
  const result = writeHeads(net, x, heads);
  return view(result, [result.shape[0]!, result.shape.at(-1)!]);
}
