// compressed-tensors (llm-compressor): groups of modules, each with a scheme. Layouts: vllm-project/compressed-tensors,
// compressors/.
import type { Quantization, StoredBeside, StoredForm, StoredRule } from "../../models/index.js";
import type { Fields } from "./fields.js";
import { onlyKnown, unpriced } from "./unpriced.js";

const one = { rows: Infinity, columns: Infinity };

export function compressedTensors(q: Fields): Omit<Quantization, "method"> {
  const sparsity = q.inner("sparsity_config");
  if (sparsity && !["dense", undefined].includes(sparsity.text("format"))) unpriced(q, "sparsity_config", "dense");
  const transforms = q.inner("transform_config");
  if (transforms && transforms.names().length > 0) unpriced(q, "transform_config", "empty");
  const groups = q.inner("config_groups");
  if (!groups || groups.names().length === 0) return unpriced(q, "config_groups", "groups of modules");
  const rules: StoredRule[] = [];
  const ignored = patterns(q, "ignore");
  if (ignored.length > 0) rules.push({ modules: ignored });
  let everyLinear: StoredForm | undefined;
  let first: StoredForm | undefined;
  for (const name of groups.names()) {
    const group = groups.inner(name)!;
    const form = formOf(group, group.text("format") ?? q.text("format") ?? "");
    first ??= form;
    const targets = patterns(group, "targets");
    if (targets.includes("Linear")) everyLinear ??= form;
    const named = targets.filter((t) => t !== "Linear");
    if (named.length > 0) rules.push({ modules: named, form });
  }
  const cached = q.has("kv_cache_scheme") && everyLinear ? withCacheScales(everyLinear) : [];
  return { ...first!, also: ["lm_head"], rules: [...rules, ...cached, { modules: [".*"], form: everyLinear }] };
}

/** A cache of few bits has a scale for keys and one for values in each layer. */
export function withCacheScales(form: StoredForm, dtype?: string): StoredRule[] {
  const scale = { name: "cache_scale", ...one, ...(dtype === undefined ? {} : { dtype }) };
  return [{ modules: [".*k_proj", ".*v_proj"], form: { ...form, beside: [...(form.beside ?? []), scale] } }];
}

/** A list of names and patterns; nothing said is none. */
export function patterns(q: Fields, name: string): string[] {
  const list = q.list(name, 10_000) ?? [];
  return list.every((item) => typeof item === "string") ? (list as string[]) : unpriced(q, name, "a list of names");
}

const weightKeys = (
  "num_bits type strategy group_size block_structure symmetric actorder dynamic observer observer_kwargs" +
  " scale_dtype zp_dtype"
).split(" ");

function formOf(group: Fields, format: string): StoredForm {
  const weights = group.inner("weights");
  if (!weights) return unpriced(group, "weights", "a scheme");
  if (group.has("output_activations")) unpriced(group, "output_activations", "absent");
  onlyKnown(weights, weightKeys);
  const bits = weights.optional("num_bits") ?? 8;
  const float = (weights.text("type") ?? "int") === "float";
  const symmetric = weights.flag("symmetric", true);
  const key = `${format} ${float ? "float" : "int"}${bits}`;
  const scale = scaleOf(weights);
  const zeros = (dtype: string): StoredBeside[] => (symmetric ? [] : [{ ...scale, name: "weight_zero_point", dtype }]);
  if (/^pack-quantized int[248]$/.test(key)) {
    const sizes = ["rows", "columns"].map((n) => ({ name: `weight_shape.${n}`, dtype: "int64", ...one }));
    return {
      weightDtype: `int${bits}`,
      beside: [scale, ...zeros(`int${bits}`), ...sizes, ...order(weights), ...inputOf(group)],
    };
  }
  if (/^(int-quantized|naive-quantized) int8$/.test(key))
    return { weightDtype: "int8", beside: [scale, ...zeros("int8"), ...order(weights), ...inputOf(group)] };
  if (/^(float-quantized|naive-quantized) float8$/.test(key) && symmetric)
    return { weightDtype: "fp8", beside: [scale, ...order(weights), ...inputOf(group)] };
  if (key === "nvfp4-pack-quantized float4" && weights.optional("group_size") === 16) {
    const whole = { name: "weight_global_scale", dtype: "fp32", ...one };
    const inputs = group.has("input_activations") ? [{ ...whole, name: "input_global_scale" }] : [];
    return { weightDtype: "fp4", beside: [{ ...scale, dtype: "fp8" }, whole, ...inputs] };
  }
  if (key === "mxfp4-pack-quantized float4" && weights.optional("group_size") === 32)
    return { weightDtype: "fp4", beside: [{ ...scale, dtype: "uint8" }] };
  return unpriced(weights, "num_bits", `a width that ${format || "the format"} is known to pack`);
}

/** Its dtype is the model's own. */
function scaleOf(weights: Fields): StoredBeside {
  const name = "weight_scale";
  const columns = weights.optional("group_size") ?? Infinity;
  const strategy = weights.text("strategy") ?? (weights.has("group_size") ? "group" : "tensor");
  switch (strategy) {
    case "tensor":
      return { name, ...one };
    case "channel":
      return { name, columns: Infinity };
    case "group":
    case "tensor_group":
      return { name, columns };
    case "block": {
      const [rows, width] = (weights.list("block_structure", 2) ?? []) as number[];
      if (Number.isInteger(rows) && Number.isInteger(width) && rows! > 0 && width! > 0)
        return { name, rows, columns: width };
      return unpriced(weights, "block_structure", "two positive integers");
    }
    default:
      return unpriced(weights, "strategy", "tensor, channel, group, tensor_group or block");
  }
}

/** An order of columns is stored where groups were formed by it. */
function order(weights: Fields): StoredBeside[] {
  const kind = weights.raw("actorder") ?? false;
  if (kind === false || kind === "weight" || kind === "static") return [];
  if (kind !== true && kind !== "group") return unpriced(weights, "actorder", "group, weight, static or null");
  return [{ name: "weight_g_idx", dtype: "int32", rows: Infinity }];
}

/** A static scale of the inputs. */
function inputOf(group: Fields): StoredBeside[] {
  const input = group.inner("input_activations");
  if (!input || input.raw("dynamic") === true) return [];
  if ((input.text("strategy") ?? "tensor") !== "tensor" || input.raw("dynamic") === "local")
    return unpriced(group, "input_activations", "dynamic, or one scale a tensor");
  const scale = { name: "input_scale", ...one };
  return input.flag("symmetric", true) ? [scale] : [scale, { name: "input_zero_point", dtype: "int8", ...one }];
}
