// fromHuggingFace: a model's config.json as a Model. How each architecture names its sizes is in huggingFace/.
import { nearest, record, shown } from "../check.js";
import { nameFinder, plainName } from "../lookUp.js";
import type { Model } from "../model.js";
import type { DecoderOptions } from "../models/decoder.js";
import { parseJson } from "./json.js";
import { fromComponent } from "./diffusers.js";
import { composedFamilies } from "./huggingFace/composedFamilies.js";
import { composedModel } from "./huggingFace/composedModel.js";
import { encoderFamilies } from "./huggingFace/encoders.js";
import { fieldsOf, who, type Fields } from "./huggingFace/fields.js";
import { textModel, textTypes } from "./huggingFace/textModel.js";

/** Architectures that `fromHuggingFace` knows, by their `model_type`. */
export const huggingFaceArchitectures: readonly string[] = [
  ...textTypes,
  ...Object.keys(encoderFamilies),
  ...Object.keys(composedFamilies),
];

/** Longer texts are no configuration. */
const maxCharacters = 2 ** 24;

/**
 * The model of a config.json, given as its text or parsed: `fromHuggingFace(config, { batch, tokens, context, phase
 * })`. Workload and defaults are decoder()'s, or the family's. The checkpoint's own dtype (`torch_dtype`) and
 * quantization (gptq, awq, fp8 blocks, bitsandbytes, mxfp4) count unless `dtype` or `weightDtype` says otherwise.
 * Encoders count as the class named, else as their body; a diffusers component as its `_class_name`, for one evaluation
 * of a latent (`latentSize`) or an image. Absent fields take the defaults of the family's class in transformers 5.24 or
 * diffusers 0.42. Throws, in one line, for an unknown architecture (the nearest known ones are listed), for a field
 * that is missing or no sensible size, and for one that the family does not know and that may be a size.
 */
export function fromHuggingFace(
  config: string | Readonly<Record<string, unknown>>,
  options: DecoderOptions = {},
): Model {
  const parsed = typeof config === "string" ? parsedText(config) : config;
  record(who, "config", parsed);
  record(who, "options", options);
  const fields = fieldsOf(parsed as Record<string, unknown>);
  const component = fields.text("_class_name");
  if (component !== undefined) return fromComponent(fields, options, nameOf(fields, component));
  const family = familyOf(fields);
  const name = nameOf(fields, family);
  if (Object.hasOwn(encoderFamilies, family)) {
    const stored = fields.text("torch_dtype") ?? fields.text("dtype");
    const dtype = stored === undefined || stored === "auto" ? {} : { dtype: stored };
    return encoderFamilies[family]!(fields, { ...dtype, ...options }, name);
  }
  const declared = declaredOf(fields);
  if (Object.hasOwn(composedFamilies, family)) return composedModel(fields, { type: family, declared, name }, options);
  return textModel({ type: family, config: parsed as Record<string, unknown>, declared, name }, options);
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
/** Classes whose names do not begin with their type's. */
const classNames: Readonly<Record<string, string>> = {
  HunYuanDenseV1: "hunyuan_v1_dense",
  HunYuanMoEV1: "hunyuan_v1_moe",
  DeciLM: "nemotron-nas",
  Step3p7Text: "step3p5",
  Step3p7Flash: "step3p5",
  CLIPTextModelWithProjection: "clip_text_model",
};
/** Types of models of several parts, whose files may have the text's fields alone -> the text's own type. */
const alone: Readonly<Record<string, string>> = { step3p7: "step3p5" };
/** "Qwen3MoeForCausalLM" -> "Qwen3Moe". */
function bare(architecture: string): string {
  const name = architecture.replace(/(For[A-Z]\w*|(With)?LMHeadModel|(Encoder|MT)?Model)$/, "");
  return Object.hasOwn(classNames, name) ? classNames[name]! : name;
}

function familyOf(f: Fields): string {
  const towers = towersOf(f);
  const given = f.text("model_type");
  const type = given !== undefined && towers.length === 0 && Object.hasOwn(alone, given) ? alone[given] : given;
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
  if (towers.length > 0) throw new RangeError(`${who}: ${field} must be ${textAlone(towers)}, got ${shown(asked)}`);
  const near = nearest(field === "architectures" ? bare(asked) : asked, huggingFaceArchitectures, 6).join(", ");
  throw new RangeError(`${who}: ${field} must be one of ${near}, …, got ${shown(asked)}`);
}

/** Parts of a model beside its text: they are not counted, and a sum without them would be no count of the file. */
const towersOf = (f: Fields): string[] =>
  f.names().filter((name) => /^(vision|audio|image|speech|vq|qformer|text|thinker|talker|llm)\w*_config$/.test(name));

/** What a model of several parts must be, and what can be done about it. */
function textAlone(towers: readonly string[]): string {
  const others = towers.filter((name) => name !== "text_config");
  const uncounted = others.length > 0 ? [`${others.join(", ")} cannot be counted`] : [];
  const counted = towers.includes("text_config") ? ["its text_config can be counted alone"] : [];
  return `that of a model of text (${[...uncounted, ...counted].join("; ")})`;
}

/** The name that the file gives the model, shortened; its family's where there is none. */
function nameOf(f: Fields, family: string): string {
  const given = f.raw("_name_or_path");
  return typeof given === "string" && /^[\w.\-/]{1,100}$/.test(given) && !given.startsWith("/") ? given : family;
}
