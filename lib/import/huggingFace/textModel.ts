// The decoder that a configuration's fields describe: dense or of experts, with recurrent layers, or RWKV.
import type { Model } from "../../model.js";
import { decoder, type DecoderOptions } from "../../models/decoder.js";
import { rwkv } from "../../models/rwkv.js";
import { hybridDecoder } from "../../models/stateSpace.js";
import { decoderHead } from "./decoderHead.js";
import { decoderConfigOf, decoderFamilies } from "./decoders.js";
import { readFamily } from "./family.js";
import { fieldsOf, type Fields } from "./fields.js";
import { rwkvFamily } from "./rwkv.js";
import { hybridFamilies } from "./stateSpace.js";

/** Types of decoders, by their `model_type`. */
export const textTypes: readonly string[] = [...Object.keys(decoderFamilies), ...Object.keys(hybridFamilies), "rwkv"];

/** What the configuration class of `type` gives absent fields. */
export const textDefaults = (type: string): Readonly<Record<string, unknown>> =>
  (type === "rwkv" ? rwkvFamily : (decoderFamilies[type] ?? hybridFamilies[type])!).defaults;

/** A file's decoder. */
export interface TextFile {
  /** Its type, one of textTypes. */
  readonly type: string;
  /** What the file says. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The class that it was saved from, where that is told. */
  readonly declared?: string;
  /** Its name. */
  readonly name: string;
  /** Where its fields stand in the file ("text_config."); default at the top. */
  readonly at?: string;
}

/** The decoder of `file` for a workload. */
export function textModel({ type, config, declared, name, at }: TextFile, options: DecoderOptions): Model {
  const fields = fieldsOf(config, at);
  const head = decoderHead(fields, declared);
  if (Object.hasOwn(hybridFamilies, type)) {
    const hybrid = readFamily(type, hybridFamilies[type]!, fields);
    const ofHead = unlabelled(fields, head);
    return hybridDecoder({ ...hybrid, decoder: { ...hybrid.decoder, ...ofHead } }, options, name, "config.json");
  }
  if (type === "rwkv") {
    const sizes = readFamily(type, rwkvFamily, fields);
    return rwkv({ ...sizes, ...unlabelled(fields, head) }, options, name, "config.json");
  }
  return decoder({ ...decoderConfigOf(type, fields), ...head }, options, name, "config.json");
}

/** `head`, which families of recurrent layers know with an output layer or without one only. */
function unlabelled(f: Fields, { head, numLabels }: ReturnType<typeof decoderHead>): { head?: boolean } {
  if (numLabels !== undefined)
    f.refuse("architectures", "a decoder with its output layer (…ForCausalLM) or without one (…Model)");
  return head === undefined ? {} : { head };
}
