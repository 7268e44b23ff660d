// The layers by name and by the kind of their ops, from the index of layers: no list of them is kept by hand.
import type { PrecisionOptions } from "./precision.js";
import type { Layer } from "./layer.js";
import * as exported from "./layers.js";

type Exported = typeof exported;

/** Whether a value that the index exports is a layer. */
type IsLayer<Value> = Value extends { readonly kind: string; readonly layerName: string } ? true : false;

/** What each layer is called. */
export type LayerName = {
  [Name in keyof Exported]: IsLayer<Exported[Name]> extends true ? Name : never;
}[keyof Exported];

/** The kinds of op that layers make. A form of another layer (adaptiveAvgPool) makes ops of its kind. */
export type LayerKind = Exported[LayerName]["kind"];

/** An op of a layer of one kind, its attributes typed. */
export type OpOf<Kind extends LayerKind> = ReturnType<Extract<Exported[LayerName], { readonly kind: Kind }>>;

/** A layer whose shape is not known to the compiler: it is checked when the layer is called. */
export type AnyLayer = Layer<string, PrecisionOptions, Readonly<Record<string, unknown>>>;

const isLayer = (value: unknown): value is AnyLayer => typeof value === "function" && "layerName" in value;

/** Every layer by its name. */
export const layers = Object.fromEntries(
  Object.entries<unknown>(exported)
    .filter((entry): entry is [string, AnyLayer] => isLayer(entry[1]))
    .map(([, layer]): [string, AnyLayer] => [layer.layerName, layer])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
) as Readonly<Record<LayerName, AnyLayer>>;

/** What the layers are called, in order of the alphabet. */
export const layerNames = Object.keys(layers) as LayerName[];

/** The layer that makes ops of each kind. */
export const layerOfKind: ReadonlyMap<string, AnyLayer> = new Map(
  Object.values(layers)
    .filter(({ kind, layerName }) => kind === layerName)
    .map((layer) => [layer.kind, layer]),
);
