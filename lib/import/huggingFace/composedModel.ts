// The model of a file of several parts: its text's record read as a decoder's file, its tower by the family.
import { nearest } from "../../check.js";
import { composed, type ComposedModel } from "../../models/composed.js";
import type { DecoderOptions } from "../../models/decoder.js";
import { recordOf, type ComposedFamily } from "./composedFamily.js";
import { composedFamilies } from "./composedFamilies.js";
import { towerUnpriced } from "./composedStored.js";
import { decoderHead } from "./decoderHead.js";
import { fieldsOf, type Fields } from "./fields.js";
import { quantizationOf } from "./quantization.js";
import { textDefaults, textModel, textTypes } from "./textModel.js";

/**
 * Widths and layers of the configuration classes, which a record within a file may leave to its class; a file of a
 * decoder alone may not.
 */
const widths: Readonly<Record<string, readonly [number, number]>> = {
  llama: [4096, 32],
  mistral: [4096, 32],
  ministral3: [4096, 34],
  gemma: [3072, 28],
  gemma2: [2304, 26],
  gemma3_text: [2304, 26],
  gemma4_text: [2304, 30],
  qwen2: [4096, 32],
  qwen3: [4096, 32],
  qwen3_moe: [2048, 24],
  qwen2_vl_text: [8192, 80],
  qwen2_5_vl_text: [8192, 80],
  qwen3_vl_text: [4096, 32],
  qwen3_vl_moe_text: [2048, 24],
  qwen3_5_text: [4096, 32],
  qwen3_5_moe_text: [2048, 40],
  glm4v_text: [4096, 40],
  glm4v_moe_text: [4096, 46],
  llama4_text: [5120, 48],
  deepseek_v3: [7168, 61],
  phi3: [3072, 32],
  cohere2: [8192, 40],
  smollm3: [2048, 36],
};

/** Types by which published files name another. */
const otherNames: Readonly<Record<string, string>> = { kimi_k2: "deepseek_v3" };

/** The whole that `f` describes, of `type`, saved from the class `declared`. */
export function composedModel(
  f: Fields,
  { type, declared, name }: { type: string; declared?: string; name: string },
  options: DecoderOptions,
): ComposedModel {
  const family = composedFamilies[type]!;
  if (decoderHead(f, declared).numLabels !== undefined)
    f.refuse("architectures", "a class with its output layer (…ForConditionalGeneration) or without one (…Model)");
  const { text, at } = textOf(f, family);
  const named = text.text("model_type") ?? family.textType;
  const textType = otherNames[named] ?? named;
  if (!textTypes.includes(textType)) {
    const near = nearest(textType, textTypes, 6).join(", ");
    return text.refuse("model_type", `one of ${near}, …`);
  }
  const own = (text.raw("tie_word_embeddings") ?? textDefaults(textType)["tie_word_embeddings"] ?? false) === true;
  const [hidden_size, num_hidden_layers] = widths[textType] ?? [];
  const config = {
    ...(hidden_size === undefined ? {} : { hidden_size, num_hidden_layers }),
    ...rawOf(text),
    ...fromTheWhole(f),
    tie_word_embeddings: family.tied(f, own),
  };
  const words = { type: textType, config, declared, name, at };
  const width = fieldsOf({ ...textDefaults(textType), ...config }, words.at).size("hidden_size");
  // A record of the text's own says nothing of the tower.
  const q = options.weightDtype === undefined ? quantizationOf(f) : undefined;
  const vision = { ...family.vision(f, width), unpriced: (matrices: number) => towerUnpriced(q, matrices) };
  return composed(name, vision, (workload) => textModel(words, workload), options);
}

/** What `f` says, as it stands. */
const rawOf = (f: Fields): Record<string, unknown> =>
  Object.fromEntries(f.names().map((name) => [name, f.raw(name) ?? null]));

/** The text's record and where it stands: at the top beside the tower's, in old files of families that had it there. */
function textOf(f: Fields, { atTop = false }: ComposedFamily): { text: Fields; at: string } {
  if (!atTop || f.has("text_config")) return { text: recordOf(f, "text_config"), at: "text_config." };
  const own = Object.entries(rawOf(f)).filter(([name]) => name !== "model_type" && name !== "vision_config");
  return { text: fieldsOf(Object.fromEntries(own)), at: "" };
}

/** What the whole says of its parts: how it is stored. */
function fromTheWhole(f: Fields): Record<string, unknown> {
  const told = ["torch_dtype", "dtype", "quantization_config", "quantization"].filter((name) => f.has(name));
  return Object.fromEntries(told.map((name) => [name, f.raw(name)]));
}
