// What families of text and images have in common: a tower, what stands behind it, and the fields that say so.
import type { VisionPart } from "../../models/composed.js";
import type { Activation, Layers } from "../../models/layers.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

/** An encoder of images for a decoder to read. */
export interface Tower {
  /** Pixels of a side that its positions are a table for; absent: any. */
  readonly imageSize?: number;
  /** Pixels of a side of a patch. */
  readonly patchSize: number;
  /** Channels of the image. */
  readonly numChannels: number;
  /** Width of what it makes of a patch. */
  readonly hiddenSize: number;
  /** Learned tokens before the patches. */
  readonly prefixTokens: number;
  /** The images' patches, tokens before them included: [images, tokens, width]. */
  readonly see: (net: Layers, images: Activation) => Activation;
  /** Parameters that no pass reads; default 0. */
  readonly unread?: number;
}

/** Where the tower's ops stand. */
export const towerPath = "vision_tower/";
/** Where the projector's ops stand. */
export const projector = "multi_modal_projector";

/** Patches of an image [rows, columns]. */
export const patchesOf = ({ patchSize }: Pick<Tower, "patchSize">, height: number, width: number): [number, number] => [
  Math.floor(height / patchSize),
  Math.floor(width / patchSize),
];

/** What stands between a tower and the text. */
export interface Projection {
  /** Patches of a side that become one position; default 1. */
  readonly merge?: number;
  /** Positions of an image of so many patches. */
  readonly positions: (rows: number, columns: number) => number;
  /** What is made of an image's patches, [images, tokens, width]. */
  readonly project: (net: Layers, patches: Activation, rows: number, columns: number) => Activation;
  /** Where the whole is described. */
  readonly source: string;
}

/** `tower` and what is behind it; a tower with a table of positions takes images of its own size alone. */
export function towerBefore(tower: Tower, { merge = 1, positions, project, source }: Projection): VisionPart {
  const { imageSize, numChannels, unread = 0, patchSize } = tower;
  return {
    ...(imageSize === undefined ? {} : { imageSize }),
    multipleOf: imageSize === undefined ? patchSize * merge : Infinity,
    numChannels,
    positions: (height, width) => positions(...patchesOf(tower, height, width)),
    see(net, images) {
      const [, , height, width] = images.shape as [number, number, number, number];
      return project(net, tower.see(net, images), ...patchesOf(tower, height, width));
    },
    unread,
    source,
  };
}

/** Two matrices to the text's width, with an activation between. */
export function twoMatrices(f: Fields, width: number, { bias }: { bias: boolean }) {
  const act = activationOf(f, "gelu", "projector_hidden_act");
  return (net: Layers, x: Activation): Activation => {
    const up = net.linear(`${projector}/linear_1`, x, width, { bias });
    return net.linear(`${projector}/linear_2`, net.activate(`${projector}/act`, up, act), width, { bias });
  };
}

/** How many layers' results are read beside each other: `vision_feature_layer` is one, or a list. */
export function layersRead(f: Fields, otherwise: number): number {
  const layers = f.raw("vision_feature_layer") ?? otherwise;
  const list: readonly unknown[] = Array.isArray(layers) ? layers : [layers];
  if (!list.every((i) => Number.isInteger(i)) || list.length < 1 || list.length > 100)
    f.refuse("vision_feature_layer", "a layer or a list of layers");
  return list.length;
}

/** Whether the first position is read as well: `vision_feature_select_strategy`. */
export function readsPrefix(f: Fields): boolean {
  const strategy = f.text("vision_feature_select_strategy") ?? "default";
  if (strategy !== "default" && strategy !== "full") f.refuse("vision_feature_select_strategy", '"default" or "full"');
  return strategy === "full";
}

/** One side of a square that the file may give as two equal numbers. */
export function sideOf(f: Fields, name: string, otherwise: number): number {
  const value = f.raw(name) ?? otherwise;
  const [height, width = height]: readonly unknown[] = Array.isArray(value) && value.length === 2 ? value : [value];
  if (height !== width || typeof height !== "number" || !Number.isInteger(height) || height < 1 || height > 1e6)
    return f.refuse(name, "an integer from 1 to 1000000, or two that are equal");
  return height;
}
