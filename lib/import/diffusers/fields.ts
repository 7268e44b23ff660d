// Fields that the classes of diffusers share: a value for all levels or one for each, names of activations, and what
// changes no size.
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Model } from "../../model.js";
import type { ModelOptions } from "../../models/workload.js";
import type { Defaults, Fields } from "../huggingFace/fields.js";

/** A class of diffusers: its fields and a workload to a model. */
export type DiffusersClass = (f: Fields, options: ModelOptions, name: string) => Model;

/** Fields that change no size, of whatever class. */
const harmless =
  /^(_class_name|_diffusers_version|_name_or_path|_commit_hash|dropout|norm_eps|upcast_attention|freq_shift)$/;

/** `read`, with the class's defaults; fields that it does not know, and that may be sizes, are refused by name. */
export const reading =
  (className: string, defaults: Defaults, read: DiffusersClass): DiffusersClass =>
  (fields, options, name) => {
    const f = fields.over(defaults);
    const model = read(f, options, name);
    const unknown = f.unread().find((field) => !harmless.test(field));
    if (unknown !== undefined)
      f.refuse(unknown, `left out to count this file as ${className}, which has no field of that name`);
    return model;
  };

/** A size of at most as many layers as are counted. */
export function layersOf(f: Fields, name: string): number {
  const n = f.size(name);
  return n > maxLayers ? f.refuse(name, `at most ${maxLayers} layers`) : n;
}

/** How many layers there are, which may be none. */
export function layersOrNone(f: Fields, name: string): number {
  const n = f.count(name);
  return n > maxLayers ? f.refuse(name, `at most ${maxLayers} layers`) : n;
}

/** One size for each of `count` levels, given as a list or as a size for all. */
export function perLevel(f: Fields, name: string, count: number, otherwise: number, most = 1e6): readonly number[] {
  const given = f.raw(name) ?? otherwise;
  const list: readonly unknown[] = Array.isArray(given) ? given : Array.from({ length: count }, () => given);
  const sizes = list.filter((n): n is number => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= most);
  return sizes.length === count && list.length === count
    ? sizes
    : f.refuse(name, `an integer from 1 to ${most}, or a list of ${count}`);
}

/** A list of names that are among `known`. */
export function namesOf<T extends string>(
  f: Fields,
  name: string,
  known: readonly T[],
  otherwise: readonly T[],
): readonly T[] {
  const list = f.list(name, 16) ?? otherwise;
  const wrong = list.find((each) => !known.includes(each as T));
  return wrong === undefined && list.length > 0
    ? (list as readonly T[])
    : f.refuse(name, `a list of ${known.join(", ")} (others are not counted)`);
}

const activations = { silu: "silu", swish: "silu", gelu: "gelu", relu: "relu" } as const;

/** The activation that a field names. */
export function actOf(f: Fields, name: string): "silu" | "gelu" | "relu" {
  const value = f.text(name) ?? "silu";
  if (!Object.hasOwn(activations, value)) return f.refuse(name, `one of ${Object.keys(activations).join(", ")}`);
  return activations[value as keyof typeof activations];
}

/** Refuses a field that says anything but `counted`. */
export function fixed(f: Fields, name: string, ...counted: readonly unknown[]): void {
  const value = f.raw(name);
  if (value === undefined || counted.includes(value)) return;
  const must = counted.length > 0 ? counted.map((v) => JSON.stringify(v)).join(" or ") : "null";
  f.refuse(name, `${must} (otherwise not counted)`);
}

/** A side, or [height, width]; none where the file gives none. */
export function sideOf(f: Fields, name: string): number | readonly [number, number] | undefined {
  const value = f.raw(name);
  if (!Array.isArray(value)) return f.optional(name);
  return perLevel(f, name, 2, 1) as unknown as readonly [number, number];
}

/** Groups of a norm, which divide every one of `channels`. */
export function groupsOf(f: Fields, name: string, channels: readonly number[]): number {
  const groups = f.size(name);
  const other = channels.find((n) => n % groups !== 0);
  return other === undefined ? groups : f.refuse(name, `a divisor of ${other} channels`);
}
