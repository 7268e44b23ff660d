// Models of text and images: a tower that sees each image, a projector to the text's width, and the decoder that reads
// both. Which tower stands beside which text is known where configurations are read.
import { positiveIntegers, shown } from "../check.js";
import { modelCost, type Model } from "../model.js";
import type { DecoderOptions } from "./decoder.js";
import { behind, type Features } from "./deepstack.js";
import { layers, modelInput, type Activation, type Layers } from "./layers.js";
import { forwardNodes, trainingStep, type LayerNode } from "./training.js";
import { imagePair, type Phase } from "./workload.js";

/** What a model makes of an image. */
export interface VisionPart {
  /** Pixels of a side that the tower is made for; absent: any, and the size must be given. */
  readonly imageSize?: number;
  /** What a side must be a multiple of; Infinity: the tower's own size alone. */
  readonly multipleOf: number;
  /** Channels of the image. */
  readonly numChannels: number;
  /** Positions of the text that an image takes. */
  readonly positions: (height: number, width: number) => number;
  /** Tower and projector on [images, channels, height, width]: the features that stand for the images, or more. */
  readonly see: (net: Layers, images: Activation) => Activation | Features;
  /** Parameters that no pass reads; default 0. */
  readonly unread?: number;
  /** Why no image can be run, where the tower's sizes do not fit each other: the text runs all the same. */
  readonly blind?: string;
  /** Why the bytes of its weights are not known, where they are not; `matrices`: its linear layers. */
  readonly unpriced?: (matrices: number) => string | undefined;
  /** Where the whole is described. */
  readonly source: string;
}

/** A model of text and images. */
export interface ComposedModel extends Model {
  /** Its text alone, at the same workload: what it caches is read from it. */
  readonly text: Model;
}

/**
 * A model of text and images for a workload as decoder() takes it, `images` in each sequence (default 0). `tokens` are
 * all new positions, those of the images among them; default these, where there are images. Without images the tower's
 * parameters are idle. Decoding sees none: their positions are of the context. weightDtype is for the text's matrices,
 * as in quantized checkpoints. Neglected: the copy of the features to their places. Throws a RangeError for an image of
 * a size that the tower does not take, and for too few tokens.
 */
export function composed(
  name: string,
  vision: VisionPart,
  text: (options: DecoderOptions) => Model,
  { images = 0, imageSize, ...given }: DecoderOptions,
): ComposedModel {
  if (images !== 0) positiveIntegers(name, { images });
  if (images === 0) {
    if (imageSize !== undefined)
      throw new RangeError(`${name}: imageSize must stand beside images, got ${shown(imageSize)} alone`);
    return withIdleTower(name, vision, text(given), given);
  }
  if (given.phase === "decode")
    throw new RangeError(`${name}: images must be 0 in decode, where they are part of the context, got ${images}`);
  if (vision.blind !== undefined) throw new RangeError(vision.blind);
  const size = sizeOf(name, vision, imageSize);
  const positions = images * vision.positions(...size);
  const { tokens = given.context === undefined ? positions : undefined } = given;
  const places = tokens ?? given.context!;
  if (places < positions)
    throw new RangeError(`${name}: tokens must be at least ${positions}, the positions of its images, got ${places}`);
  const words = text(tokens === undefined ? given : { ...given, tokens });
  const seen = tower(name, vision, words, { ...given, images, size });
  const unpriced = vision.unpriced?.(matricesOf(seen.nodes).length);
  const stored = unpriced === undefined ? seen.nodes : seen.nodes.map(unpricedMatrix);
  const nodes = [...stored, ...behind(seen.nodes.length, seen.features, words)];
  const { batch, ...rest } = words.workload;
  const [height, width] = size;
  const workload = { batch, images, imageSize: height === width ? height : size, ...rest };
  const model = together(name, vision, words, { nodes, workload, idleParams: vision.unread, unpriced });
  return rest.phase === "train" ? { ...trainingStep(model), text: words } : model;
}

function withIdleTower(name: string, vision: VisionPart, words: Model, given: DecoderOptions): ComposedModel {
  const side = vision.imageSize ?? vision.multipleOf;
  const { nodes } = tower(name, vision, words, { ...given, images: 1, size: [side, side] });
  const idleParams = modelCost({ name, nodes, workload: {} }).params + (vision.unread ?? 0);
  const { batch, ...rest } = words.workload;
  const workload = { batch, images: 0, ...rest };
  return together(name, vision, words, {
    nodes: words.nodes,
    workload,
    idleParams,
    unpriced: vision.unpriced?.(matricesOf(nodes).length),
  });
}

const matricesOf = (nodes: readonly LayerNode[]): LayerNode[] => nodes.filter(({ op }) => op.kind === "linear");

/** `node` with its matrix at bytes that are not known. */
function unpricedMatrix(node: LayerNode): LayerNode {
  if (node.op.kind !== "linear") return node;
  const weights = node.op.weights.map((w) => ({ ...w, bytes: NaN }));
  return { ...node, op: { ...node.op, weights } };
}

function together(
  name: string,
  vision: VisionPart,
  words: Model,
  {
    nodes,
    workload,
    idleParams = 0,
    unpriced = words.unpriced,
  }: Pick<Model, "nodes" | "workload" | "idleParams" | "unpriced">,
): ComposedModel {
  const idle = idleParams + (words.idleParams ?? 0);
  return {
    name,
    nodes,
    workload,
    ...(idle > 0 ? { idleParams: idle } : {}),
    ...(unpriced === undefined ? {} : { unpriced }),
    source: vision.source,
    text: words,
  };
}

interface Seen extends DecoderOptions {
  images: number;
  size: readonly [number, number];
}

/** The tower on every image of the batch, stored as the text's activations are. */
function tower(name: string, vision: VisionPart, words: Model, { images, size, ...given }: Seen) {
  const { batch, phase, dtype } = words.workload as { batch: number; phase: Phase; dtype: string };
  const { fusedAttention = phase !== "train" } = given;
  const net = layers({ name, phase, precision: { dtype }, fusedAttention, workload: {} });
  const input = { shape: [batch * images, vision.numChannels, ...size], node: modelInput };
  const seen = vision.see(net, input);
  const features: Features = "node" in seen ? [seen] : seen;
  return { nodes: forwardNodes(net.model(vision.source)), features };
}

function sizeOf(name: string, vision: VisionPart, asked: DecoderOptions["imageSize"]): [number, number] {
  const { imageSize: own, multipleOf } = vision;
  if (asked === undefined && own === undefined)
    throw new RangeError(`${name}: imageSize must be given beside images, as the model takes any, got nothing`);
  const size = imagePair(name, asked, own ?? multipleOf);
  const fits = multipleOf === Infinity ? size.every((n) => n === own) : size.every((n) => n % multipleOf === 0);
  const must = multipleOf === Infinity ? `${own}, the tower's own` : `a multiple of ${multipleOf}`;
  if (!fits) throw new RangeError(`${name}: imageSize must be ${must}, got ${shown(asked)}`);
  return size;
}
