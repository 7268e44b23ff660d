// fromHuggingFace: a model's config.json as a Model. How each architecture names its sizes is in huggingFace/.
import { nearest, record, shown } from "../check.js";
import { nameFinder, plainName } from "../lookUp.js";
import type { Model } from "../model.js";
import { decoder, type DecoderOptions } from "../models/decoder.js";
import { rwkv } from "../models/rwkv.js";
import { hybridDecoder } from "../models/stateSpace.js";
import { parseJson } from "./json.js";
import { decoderConfigOf, decoderFamilies } from "./huggingFace/decoders.js";
import { encoderFamilies } from "./huggingFace/encoders.js";
import { fieldsOf, who, type Fields } from "./huggingFace/fields.js";
import { rwkvConfigOf, rwkvDefaults } from "./huggingFace/rwkv.js";
import { hybridFamilies } from "./huggingFace/stateSpace.js";

/** Architectures that `fromHuggingFace` knows, by their `model_type`. */
export const huggingFaceArchitectures: readonly string[] = [
  ...Object.keys(decoderFamilies),
  ...Object.keys(hybridFamilies),
  "rwkv",
  ...Object.keys(encoderFamilies),
];

/** Longer texts are no configuration. */
const maxCharacters = 2 ** 24;

/**
 * The model of a config.json, given as its text or parsed: `fromHuggingFace(config, { batch, tokens, context, phase
 * })`. Workload and defaults are decoder()'s, or the family's. The checkpoint's own dtype (`torch_dtype`) and
 * quantization (gptq, awq, fp8 blocks, bitsandbytes, mxfp4) count unless `dtype` or `weightDtype` says otherwise.
 * Encoders count as their base model. Unknown fields are ignored. Throws, in one line, for an unknown architecture (the
 * nearest known ones are listed) and for a field that is missing or no sensible size. Source of names and defaults:
 * huggingface/transformers, configuration_*.py.
 */
export function fromHuggingFace(
  config: string | Readonly<Record<string, unknown>>,
  options: DecoderOptions = {},
): Model {
  const parsed = typeof config === "string" ? parsedText(config) : config;
  record(who, "config", parsed);
  record(who, "options", options);
  const fields = fieldsOf(parsed as Record<string, unknown>);
  const family = familyOf(fields);
  const name = nameOf(fields, family);
  if (Object.hasOwn(encoderFamilies, family)) {
    const stored = fields.text("torch_dtype") ?? fields.text("dtype");
    const dtype = stored === undefined || stored === "auto" ? {} : { dtype: stored };
    return encoderFamilies[family]!(fields, { ...dtype, ...options }, name);
  }
  const head = hasHead(fields) ? {} : { head: false };
  if (Object.hasOwn(hybridFamilies, family)) {
    const { defaults, read } = hybridFamilies[family]!;
    const hybrid = read(fieldsOf({ ...defaults, ...(parsed as object) }));
    return hybridDecoder({ ...hybrid, decoder: { ...hybrid.decoder, ...head } }, options, name, "config.json");
  }
  if (family === "rwkv") {
    const sizes = rwkvConfigOf(fieldsOf({ ...rwkvDefaults, ...(parsed as object) }));
    return rwkv({ ...sizes, ...head }, options, name, "config.json");
  }
  const decoderConfig = decoderConfigOf(family, fields);
  return decoder({ ...decoderConfig, ...head }, options, name, "config.json");
}

/**
 * Whether the checkpoint has an output layer: "LlamaForCausalLM", or nothing said, against "LlamaModel". Other heads (a
 * classifier) are refused: their sizes are not in the file.
 */
function hasHead(f: Fields): boolean {
  const declared = declaredOf(f) ?? "ForCausalLM";
  if (/(CausalLM\w*|ForConditionalGeneration|LMHeadModel|DoubleHeadsModel)$/.test(declared)) return true;
  if (declared.endsWith("Model")) return false;
  return f.refuse("architectures", "a decoder with its output layer (…ForCausalLM) or without one (…Model)");
}

/** The class that the checkpoint was saved from, where the file tells it. */
function declaredOf(f: Fields): string | undefined {
  const [declared] = f.list("architectures", 100) ?? [];
  if (declared === undefined) return undefined;
  return typeof declared === "string" && declared.length <= 200
    ? declared
    : f.refuse("architectures", "a list of names");
}

function parsedText(text: string): unknown {
  if (text.length > maxCharacters)
    throw new RangeError(`${who}: config must be at most ${maxCharacters} characters, got ${text.length}`);
  return parseJson(who, "config", new TextEncoder().encode(text));
}

const findFamily = nameFinder(huggingFaceArchitectures);
/** "Qwen3MoeForCausalLM" -> "Qwen3Moe". */
const bare = (architecture: string): string => architecture.replace(/(For[A-Z]\w*|(With)?LMHeadModel|Model)$/, "");

function familyOf(f: Fields): string {
  const type = f.text("model_type");
  const declared = declaredOf(f);
  const byType = findFamily(type);
  const byClass = findFamily(declared && bare(declared));
  // A class of its own under a known type ("EagleForCausalLM" of type llama) is another network; a type of its own may
  // use a known class.
  const foreign =
    byType !== undefined &&
    byClass === undefined &&
    declared !== undefined &&
    !plainName(byType).startsWith(plainName(bare(declared)));
  const found = foreign ? undefined : (byType ?? byClass);
  if (found !== undefined) return found;
  const [field, asked] = foreign || type === undefined ? ["architectures", declared] : ["model_type", type];
  if (asked === undefined) throw new TypeError(`${who}: model_type must name an architecture, got nothing`);
  const inner = f.has("text_config") ? " (its text_config can be counted alone)" : "";
  const near = nearest(field === "architectures" ? bare(asked) : asked, huggingFaceArchitectures, 6).join(", ");
  throw new RangeError(`${who}: ${field} must be one of ${near}, …${inner}, got ${shown(asked)}`);
}

/** The name that the file gives the model, shortened; its family's where there is none. */
function nameOf(f: Fields, family: string): string {
  const given = f.raw("_name_or_path");
  return typeof given === "string" && /^[\w.\-/]{1,100}$/.test(given) && !given.startsWith("/") ? given : family;
}
