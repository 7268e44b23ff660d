// How a text reads the features of images: in place of words, and, in some models, added to what its first layers make.
import { add } from "../ops/index.js";
import type { Model } from "../model.js";
import type { Activation } from "./layers.js";
import { forwardNodes, type LayerNode } from "./training.js";

/** The features that stand for the images, and behind them what is added to the results of the text's first layers. */
export type Features = readonly [Activation, ...Activation[]];

/**
 * The text's forward pass behind `start` nodes. What reads its first node reads the images' features as well; what
 * reads a layer's result reads the sum, where something is added to it. Layers that the text does not have get nothing.
 */
export function behind(start: number, [features, ...deep]: Features, words: Model): LayerNode[] {
  const nodes = forwardNodes(words);
  const { dtype } = words.workload as { dtype: string };
  const ends = deep.map((_, layer) => nodes.findLastIndex(({ path }) => path.startsWith(`layers.${layer}/`)));
  const written: LayerNode[] = [];
  /** Where the result of each of `nodes` stands. */
  const places: number[] = [];
  nodes.forEach((node, i) => {
    const reads = (node.reads ?? []).map((from) => places[from]!);
    places.push(start + written.length);
    written.push({ ...node, reads: reads.includes(start) ? [...reads, features.node] : reads });
    const added = deep[ends.indexOf(i)];
    if (added === undefined) return;
    const op = add({ shape: added.shape, other: added.shape }, { dtype });
    written.push({ path: `layers.${ends.indexOf(i)}/add_deepstack`, op, reads: [places[i]!, added.node] });
    places[i] = start + written.length - 1;
  });
  return written;
}
