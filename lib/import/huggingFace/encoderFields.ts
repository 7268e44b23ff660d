// Fields that encoders, encoder-decoders and vision models share: the class that was saved, its labels, sizes with the
// defaults of their configuration classes.
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Head } from "../../models/heads.js";
import type { Model } from "../../model.js";
import type { ModelOptions } from "../../models/workload.js";
import type { Fields } from "./fields.js";

/** One family: its fields and a workload to a model. */
export type Family = (f: Fields, options: ModelOptions, name: string) => Model;

/** The head that the file's class adds to its stem: "ForMaskedLM", "Model"; `otherwise` where no class is named. */
export function classOf(f: Fields, otherwise: string): string {
  const [declared] = f.list("architectures", 100) ?? [];
  if (declared === undefined) return otherwise;
  const named = typeof declared === "string" && declared.length <= 200 ? declared : "";
  const [found] = /(For[A-Z]\w*|(With)?LMHeadModel|(Encoder|MT)?Model)$/.exec(named) ?? [];
  return found ?? f.refuse("architectures", "a class with a head that is known");
}

/** Heads by class. */
export type Heads = Readonly<Record<string, () => readonly Head[]>>;

/** The heads of the class that the file names, the body's own (`Model`) where it names none. */
export function headsOf(f: Fields, heads: Heads, otherwise = "Model"): readonly Head[] {
  return chosen(f, heads, classOf(f, otherwise))();
}

/** What `table` holds for the class `found`, which is refused where it has nothing. */
export function chosen<T>(f: Fields, table: Readonly<Record<string, T>>, found: string): T {
  if (Object.hasOwn(table, found)) return table[found]!;
  return f.refuse("architectures", `a class that ends in one of ${Object.keys(table).join(", ")}`);
}

/** A size, or the class's default for it. */
export const sizeOr = (f: Fields, name: string, otherwise: number): number => f.optional(name) ?? otherwise;

/** How many layers, or the class's default for it. */
export function layersOr(f: Fields, name: string, otherwise: number): number {
  const n = sizeOr(f, name, otherwise);
  return n > maxLayers ? f.refuse(name, `at most ${maxLayers} layers`) : n;
}

/** Heads of a layer, which divide its width. */
export function dividing(f: Fields, name: string, otherwise: number, width: number): number {
  const heads = sizeOr(f, name, otherwise);
  return width % heads === 0 ? heads : f.refuse(name, `a divisor of the width ${width}`);
}

/** Refuses a switch that is not as it is counted. */
export function only(f: Fields, name: string, counted: boolean, otherwise = counted): void {
  if (f.flag(name, otherwise) !== counted) f.refuse(name, `${counted} (otherwise not counted)`);
}

/** Classes of an output layer: as many as have a name, else `num_labels`, else two. */
export function labelsOf(f: Fields): number {
  const given = f.optional("num_labels");
  const names = f.inner("id2label") ? Object.keys(f.raw("id2label") as object).length : undefined;
  if (names === 0) f.refuse("id2label", "an object with a name for each class");
  if (given !== undefined && names !== undefined && given !== names)
    f.refuse("num_labels", `as many as id2label names, ${names}`);
  return names ?? given ?? 2;
}
