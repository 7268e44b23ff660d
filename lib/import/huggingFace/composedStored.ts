// Whether a quantized file keeps the tower beside its text as it is: what its patterns of modules name.
import type { Quantization } from "../../models/index.js";
import { who } from "./fields.js";

/** Methods that store layers of decoders alone, whatever else a file holds. */
const ofTextAlone = new Set(["gptq"]);
/** What files call a tower that ends in its own projector, the other towers, and the projectors of these. */
const names = {
  visual: /(^|\.)visual$/,
  tower: /(^|\.)vision_(tower|model|encoder)$/,
  projector: /(^|\.)(mm_projector|multi_modal_projector|embed_vision|connector|aligner)$/,
};
const within = /(^|\.)(visual|vision_\w+|mm_projector|multi_modal_projector|embed_vision|connector|aligner)\./;

/** `pattern` as a dotted path, without what makes it a regex or a wildcard. */
const plain = (pattern: string): string =>
  pattern
    .replace(/^re:/, "")
    .replace(/[\^$()\\]/g, "")
    .replace(/\.\*|\*/g, ".")
    .replace(/\.{2,}/g, ".")
    .replace(/^\.|\.$/g, "");

/**
 * Why the bytes of a tower of `matrices` linear layers are not known under `q`, where they are not: the file must name
 * the tower among what it leaves alone, whole or each of its matrices.
 */
export function towerUnpriced(q: Quantization | undefined, matrices: number): string | undefined {
  if (q === undefined || q.unpriced !== undefined || ofTextAlone.has(q.method) || q.of === "experts") return undefined;
  const left = (q.rules ?? []).filter(({ form }) => form === undefined).flatMap(({ modules }) => modules);
  const paths = [...new Set(left.map(plain))];
  const any = (name: keyof typeof names): boolean => paths.some((path) => names[name].test(path));
  const whole = any("visual") || (any("tower") && any("projector"));
  if (whole || paths.filter((path) => within.test(path)).length >= matrices) return undefined;
  const must = "quantization_config must name the vision tower among the modules that it leaves alone";
  return `${who}: ${must} for its bytes to be known, got ${q.method}; weightDtype (--weight-dtype) sets the text's`;
}
