// What Hugging Face's files call a matrix of a decoder, and whether a pattern of theirs means it.
import type { TensorSpec } from "../op.js";

const attention: Readonly<Record<string, string>> = { kv_a_proj: "kv_a_proj_with_mqa" };

/** Names of the modules that `weight` of the op at `path` holds; a matrix of gate and up is two. */
export function modulesOf(path: string, weight: TensorSpec): string[] {
  const inLayer = /^layers\.(\d+)\/(attention|mlp)\/(.+)$/.exec(path);
  if (!inLayer) return [path === "lm_head" ? path : `model.${path.replaceAll("/", ".")}`];
  const [, layer, half, rest] = inLayer as unknown as [string, string, string, string];
  const at = `model.layers.${layer}.${half === "attention" ? "self_attn" : "mlp"}`;
  if (half === "attention") {
    const name = rest.replace(/\.(key|value)$/, "");
    return [`${at}.${attention[name] ?? name.replace("/", ".")}`];
  }
  if (rest !== "experts") return [`${at}.${rest}`];
  const name = weight.name ?? "";
  if (name.startsWith("router")) return [`${at}.gate`];
  const [group, matrix] = name.split(".");
  const inside = matrix === "down" ? ["down_proj"] : ["gate_proj", "up_proj"];
  return inside.map((m) => `${at}.${group === "shared" ? "shared_experts" : "experts.0"}.${m}`);
}

/** Other texts are no patterns of module names. */
const understood = /^[\w.\-*\\^$|/]{1,300}$/;
const mostWildcards = 4;
/** What a decoder does not have, or does not quantize in any case: a pattern for it changes nothing. */
const elsewhere =
  /(^|\.)(vision|visual|image|audio|mtp|mm_|multi_?modal|merger|embed|rotary|router|gate$|lm_head|\w*norm)/;
/** A buffer beside a router, and an indexer's weights_proj by an older name: neither is quantized. */
const aside = /\.(e_score_correction_bias|indexers_proj)/;

/**
 * A test of module names, as transformers and compressed-tensors match them: from the start up to a dot, with `.*` as
 * in a regex or `*` as a wildcard, or as the end of the name. Undefined for a pattern that is not understood.
 */
export function moduleTest(pattern: string): ((name: string) => boolean) | undefined {
  const text = ownName(pattern);
  if (!understood.test(text) || text.split("*").length - 1 > mostWildcards) return undefined;
  // Experts are stored alike; a pattern for one of them would split a matrix.
  if (/experts\\?\.\d/.test(text)) return undefined;
  // ".*" and "\d*" are a regex's, "0*" is a wildcard.
  const source = text.replace(/(\\.|.)?\*/g, (all: string, before = "") =>
    before === "." || /^\\\w/.test(before) ? all : `${before}.*`,
  );
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${source})(?:(?<=\\.)|(?=\\.|$))`);
  } catch {
    return undefined;
  }
  return (name) => regex.test(name) || name.endsWith(text);
}

/** `pattern` for the decoder alone, where it is a part of a larger model. */
const ownName = (pattern: string): string =>
  pattern
    .replace(/^re:/, "")
    .replace(/^(model\.)?language_model\.(model\.)?/, "model.")
    .replace(/^model\.lm_head/, "lm_head");

/** Whether a pattern that means no matrix of the model may be passed over. */
export const meansNothingHere = (pattern: string, layers: number): boolean =>
  elsewhere.test(pattern.replace(/[\\$*]/g, "")) ||
  aside.test(pattern) ||
  Number(/layers\\?\.(\d+)/.exec(pattern)?.[1] ?? -1) >= layers;
