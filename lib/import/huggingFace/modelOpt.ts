// NVIDIA's ModelOpt: FP8 and NVFP4 checkpoints, as their configuration or the hf_quant_config.json beside it describes
// them. Layouts: NVIDIA/TensorRT-Model-Optimizer, export/.
import type { Quantization, StoredForm } from "../../models/index.js";
import { patterns, withCacheScales } from "./compressedTensors.js";
import type { Fields } from "./fields.js";
import { unpriced } from "./unpriced.js";

const scalar = (name: string) => ({ name, dtype: "fp32", rows: Infinity, columns: Infinity });

export function modelOpt(q: Fields): Omit<Quantization, "method"> {
  const form = formOf(q);
  const left = [...patterns(q, "exclude_modules"), ...patterns(q, "ignore")];
  const cached = q.has("kv_cache_scheme") || q.has("kv_cache_quant_algo") ? withCacheScales(form, "fp32") : [];
  return { ...form, also: ["lm_head"], rules: [...(left.length > 0 ? [{ modules: left }] : []), ...cached] };
}

function formOf(q: Fields): StoredForm {
  switch (q.text("quant_algo")) {
    case "FP8":
      return { weightDtype: "fp8", beside: [scalar("weight_scale"), scalar("input_scale")] };
    case "NVFP4": {
      const columns = q.optional("group_size") ?? 16;
      const scales = { name: "weight_scale", dtype: "fp8", columns };
      return { weightDtype: "fp4", beside: [scales, scalar("weight_scale_2"), scalar("input_scale")] };
    }
    default:
      return unpriced(q, "quant_algo", "FP8 or NVFP4");
  }
}
