// What stands behind a decoder's last norm, by the class that the checkpoint was saved from.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { who, type Fields } from "./fields.js";

type Head = Pick<DecoderConfig, "head" | "numLabels" | "labelBias" | "labelHidden">;

/** Classes of a reward that published modeling files have (modeling_qwen2_rm.py), and its numbers for a position. */
const rewards: Readonly<Record<string, number>> = { Qwen2ForRewardModel: 1, Qwen2ForProcessRewardModel: 2 };

/**
 * The output layer ("LlamaForCausalLM", or nothing said), none ("LlamaModel"), or a score of every position: by label
 * ("LlamaForSequenceClassification" without bias, "…ForTokenClassification" with one), as start and end of an answer
 * ("…ForQuestionAnswering") or as a reward by two layers (Qwen2's). Other heads are refused: their sizes are not in the
 * file.
 */
export function decoderHead(f: Fields, declared = "ForCausalLM"): Head {
  if (/(CausalLM\w*|ForConditionalGeneration|LMHeadModel|DoubleHeadsModel)$/.test(declared)) return {};
  if (declared.endsWith("Model") && !/(Reward|DoubleHeads)Model$/.test(declared)) return { head: false };
  if (declared.endsWith("ForSequenceClassification")) return { numLabels: labelsOf(f) };
  if (declared.endsWith("ForTokenClassification")) return { numLabels: labelsOf(f), labelBias: true };
  if (declared.endsWith("ForQuestionAnswering")) return { numLabels: 2, labelBias: true };
  if (Object.hasOwn(rewards, declared)) return { numLabels: rewards[declared]!, labelBias: true, labelHidden: true };
  return f.refuse(
    "architectures",
    "a decoder with its output layer (…ForCausalLM), without one (…Model) or a classifier",
  );
}

/** Two, unless the file names its labels or counts them. */
function labelsOf(f: Fields): number {
  const labels = f.raw("id2label");
  const counted = f.optional("num_labels");
  if (labels === undefined) return counted ?? 2;
  const named = typeof labels === "object" && !Array.isArray(labels) ? Object.keys(labels as object).length : 0;
  if (named === 0) f.refuse("id2label", "an object that names at least one label");
  if (counted !== undefined && counted !== named)
    throw new RangeError(`${who}: num_labels must be ${named}, as many as id2label names, got ${counted}`);
  return named;
}
