// MLX's `quantization`: every linear layer and the embedding in groups, with modules of their own width by name.
// Layouts: ml-explore/mlx, nn/layers/quantized.py.
import type { Quantization, StoredForm, StoredRule } from "../../models/index.js";
import type { Fields } from "./fields.js";
import { integerOf } from "./quantizedForms.js";
import { unpriced } from "./unpriced.js";

export function mlx(q: Fields): Omit<Quantization, "method"> {
  const rules: StoredRule[] = [];
  for (const name of q.names()) {
    if (["group_size", "bits", "mode", "quant_method"].includes(name) || !q.has(name)) continue;
    const value = q.raw(name);
    if (value === true) continue;
    if (value === false) rules.push({ modules: [name] });
    else if (typeof value === "object") rules.push({ modules: [name], form: formOf(q.inner(name)!, q) });
    else unpriced(q, name, "true, false or a form of its own");
  }
  return { ...formOf(q), also: ["embed_tokens", "lm_head", "router"], rules };
}

function formOf(q: Fields, outer = q): StoredForm {
  const mode = q.text("mode") ?? outer.text("mode") ?? "affine";
  const columns = q.optional("group_size") ?? outer.optional("group_size");
  if (mode === "affine") {
    const weightDtype = integerOf(q.has("bits") ? q : outer, [2, 3, 4, 5, 6, 8], "bits");
    const group = { columns: columns ?? 64 };
    return {
      weightDtype,
      beside: [
        { name: "scales", ...group },
        { name: "biases", ...group },
      ],
    };
  }
  const known = { mxfp4: ["fp4", 32], nvfp4: ["fp4", 16], mxfp8: ["fp8", 32] } as const;
  if (!Object.hasOwn(known, mode)) return unpriced(q, "mode", "affine, mxfp4, mxfp8 or nvfp4");
  const [weightDtype, group] = known[mode as keyof typeof known];
  if ((columns ?? group) !== group) return unpriced(q, "group_size", String(group));
  return { weightDtype, beside: [{ name: "scales", dtype: mode === "nvfp4" ? "fp8" : "uint8", columns: group }] };
}
