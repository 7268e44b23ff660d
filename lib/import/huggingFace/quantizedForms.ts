// What each method of quantization stores for a matrix, and for which modules. Sources: the checkpoints' layouts, as
// transformers' quantizers and the methods' packers (AutoGPTQ, AutoAWQ, bitsandbytes, …) write them.
import type { Quantization, StoredBeside, StoredRule } from "../../models/index.js";
import { compressedTensors } from "./compressedTensors.js";
import type { Fields } from "./fields.js";
import { modelOpt } from "./modelOpt.js";
import { onlyKnown, unpriced } from "./unpriced.js";

export type Read = (q: Fields) => Omit<Quantization, "method"> | undefined;

const one = { rows: Infinity, columns: Infinity };

/** The integer format of as many bits as the field says. */
export function integerOf(q: Fields, widths: readonly number[], ...names: string[]): string {
  const name = names.find((n) => q.has(n)) ?? names[0]!;
  const bits = q.optional(name);
  if (bits === undefined || !widths.includes(bits)) return unpriced(q, name, `one of ${widths.join(", ")}`);
  return `int${bits}`;
}

/** Weights of a row that share a scale; -1 is the whole row. */
function groupOf(q: Fields, otherwise: number): number {
  if (q.raw("group_size") === -1 || q.raw("q_group_size") === -1) return Infinity;
  return q.optional("group_size", "q_group_size") ?? otherwise;
}

/** Names of modules in the first of the lists that is there. */
function namesIn(q: Fields, ...lists: string[]): string[] | undefined {
  const name = lists.find((n) => q.has(n));
  if (name === undefined) return undefined;
  const list = q.list(name, 10_000)!;
  return list.every((item) => typeof item === "string") ? [...list] : unpriced(q, name, "a list of names");
}

/** Modules left as they are. Where the list says nothing, so is the output layer (transformers' own rule). */
function skipping(q: Fields, ...lists: string[]): { also?: string[]; rules?: StoredRule[] } {
  const modules = namesIn(q, ...lists);
  return modules === undefined ? {} : { also: ["lm_head"], rules: [{ modules }] };
}

/** As `skipping`, the output layer left out in any case. */
function skippingHead(q: Fields, ...lists: string[]): { rules?: StoredRule[] } {
  const modules = namesIn(q, ...lists);
  return modules === undefined || modules.length === 0 ? {} : { rules: [{ modules }] };
}

const packed = (weightDtype: string, columns: number): StoredBeside[] => [
  { name: "scales", dtype: "fp16", columns },
  { name: "qzeros", dtype: weightDtype, columns },
];

function gptq(q: Fields) {
  for (const name of ["dynamic", "modules_in_block_to_quantize"]) if (q.has(name)) unpriced(q, name, "absent");
  if (q.flag("is_marlin_format", false)) unpriced(q, "is_marlin_format", "false");
  if (!["gptq", "gptq_v2"].includes(q.text("checkpoint_format") ?? "gptq"))
    unpriced(q, "checkpoint_format", "gptq or gptq_v2");
  const weightDtype = integerOf(q, [2, 3, 4, 8], "bits", "w_bit");
  const order = { name: "g_idx", dtype: "int32", rows: Infinity };
  const also = q.flag("lm_head", false) ? ["lm_head"] : [];
  return {
    weightDtype,
    beside: [...packed(weightDtype, groupOf(q, 128)), order],
    ...skippingHead(q, "modules_to_not_convert"),
    also,
  };
}

function awq(q: Fields) {
  if (!["gemm", "exllama"].includes((q.text("version") ?? "gemm").toLowerCase()))
    unpriced(q, "version", "gemm or exllama");
  const weightDtype = integerOf(q, [4], "bits", "w_bit");
  const [scales, zeros] = packed(weightDtype, groupOf(q, 128)) as [StoredBeside, StoredBeside];
  return {
    weightDtype,
    beside: q.flag("zero_point", true) ? [scales, zeros] : [scales],
    ...skippingHead(q, "modules_to_not_convert"),
  };
}

function autoRound(q: Fields) {
  const extra = q.inner("extra_config");
  if (extra && extra.names().length > 0) unpriced(q, "extra_config", "empty");
  if ((q.text("data_type") ?? "int") !== "int") unpriced(q, "data_type", "int");
  const packing = q.text("packing_format") ?? "auto_round:auto_gptq";
  if (!/^auto_round(:(auto_)?(gptq|awq))?$/.test(packing)) unpriced(q, "packing_format", "auto_gptq's or auto_awq's");
  const weightDtype = integerOf(q, packing.endsWith("awq") ? [4] : [2, 3, 4, 8], "bits");
  return { weightDtype, beside: packed(weightDtype, groupOf(q, 128)) };
}

function bitsAndBytes(q: Fields) {
  const kept = skipping(q, "llm_int8_skip_modules", "modules_to_not_convert");
  if (q.flag("load_in_8bit", false)) {
    if (q.flag("llm_int8_has_fp16_weight", false)) unpriced(q, "llm_int8_has_fp16_weight", "false");
    const perRow = { name: "SCB", dtype: "fp32", columns: Infinity };
    return { weightDtype: "int8", beside: [perRow, { name: "weight_format", dtype: "uint8", ...one }], ...kept };
  }
  // Blocks of 64; their scales again in blocks of 256 (arXiv 2305.14314, section 3).
  const beside = q.flag("bnb_4bit_use_double_quant", false)
    ? [
        { name: "absmax", dtype: "uint8", each: 64 },
        { name: "nested_absmax", dtype: "fp32", each: 64 * 256 },
      ]
    : [{ name: "absmax", dtype: "fp32", each: 64 }];
  return { weightDtype: "int4", beside, ...kept };
}

function fp8(q: Fields) {
  const kept = skipping(q, "modules_to_not_convert", "ignored_layers");
  const input = q.text("activation_scheme") === "static" ? [{ name: "input_scale", dtype: "fp32", ...one }] : [];
  const block = q.list("weight_block_size", 2);
  if (!block)
    return { weightDtype: "fp8", beside: [{ name: "weight_scale", dtype: "fp32", ...one }, ...input], ...kept };
  const [rows, columns] = block as [number, number];
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1)
    return q.refuse("weight_block_size", "two positive integers");
  return {
    weightDtype: "fp8",
    beside: [{ name: "weight_scale_inv", dtype: "fp32", rows, columns }, ...input],
    ...kept,
  };
}

const perRow = (weightDtype: string, scale: StoredBeside, q: Fields) => ({
  weightDtype,
  beside: [{ columns: Infinity, ...scale }],
  ...skipping(q, "modules_to_not_convert"),
});

function quanto(q: Fields) {
  if (q.has("activations")) unpriced(q, "activations", "absent");
  const weights = q.text("weights") ?? "int8";
  if (weights !== "int8" && weights !== "float8") unpriced(q, "weights", "int8 or float8");
  return perRow(weights === "int8" ? "int8" : "fp8", { name: "_scale" }, q);
}

function bitNet(q: Fields) {
  // Online, the file keeps the weights as they were trained.
  if (q.text("quantization_mode") === "online") return undefined;
  if (q.flag("use_rms_norm", false)) unpriced(q, "use_rms_norm", "false");
  return perRow("int2", { name: "weight_scale", rows: Infinity }, q);
}

function hqq(q: Fields) {
  const config = q.inner("quant_config");
  const params = config?.inner("weight_quant_params");
  if (!config || !params) return unpriced(q, "quant_config", "one for all layers");
  onlyKnown(config, ["weight_quant_params", "offload_meta"]);
  if (config.flag("offload_meta", false)) unpriced(q, "quant_config", "without offload_meta");
  const columns = params.optional("group_size") ?? Infinity;
  const beside = [
    { name: "scale", columns },
    { name: "zero", columns },
  ];
  return { weightDtype: integerOf(params, [1, 2, 4, 8], "nbits"), beside, ...skippingHead(q, "skip_modules") };
}

function torchAo(q: Fields) {
  if (q.flag("include_input_output_embeddings", false)) unpriced(q, "include_input_output_embeddings", "false");
  const type = q.raw("quant_type");
  const written = typeof type === "object" ? q.inner("quant_type")?.inner("default") : undefined;
  const named = written ? written.raw("_type") : type;
  if (named !== "Int4WeightOnlyConfig" && named !== "int4_weight_only")
    return unpriced(written ?? q, written ? "_type" : "quant_type", "int4_weight_only");
  const columns = (written ? written.inner("_data") : q.inner("quant_type_kwargs"))?.optional("group_size") ?? 128;
  const beside = [
    { name: "scale", columns },
    { name: "zero", columns },
  ];
  return { weightDtype: "int4", beside, ...skipping(q, "modules_to_not_convert") };
}

const training = ["dataset", "tokenizer", "damp_percent", "damp_auto_increment", "true_sequential", "static_groups"];
const rounding = ["iters", "lr", "minmax_lr", "nsamples", "batch_size", "seqlen", "amp", "low_gpu_mem_usage"];
const grouped = ["bits", "w_bit", "group_size", "q_group_size", "sym", "desc_act", "version", "backend", "meta"];

/** How each method is read, and the fields that it may have: any other may change what is stored. */
const rows: Readonly<Record<string, readonly [read: Read, known: string]>> = {
  gptq: [
    gptq,
    [...grouped, ...training].join(" ") +
      " model_name_or_path model_file_base_name block_name_to_quantize module_name_preceding_first_block batch_size" +
      " pad_token_id use_cuda_fp16 model_seqlen use_exllama max_input_length exllama_config cache_block_outputs" +
      " disable_exllama checkpoint_format is_marlin_format lm_head act_group_aware pack_dtype modules_to_not_convert",
  ],
  awq: [
    awq,
    [...grouped, ...training].join(" ") +
      " zero_point modules_to_not_convert do_fuse fuse_max_seq_len modules_to_fuse exllama_config format",
  ],
  "auto-round": [
    autoRound,
    [...grouped, ...training, ...rounding].join(" ") +
      " data_type packing_format extra_config autoround_version enable_quanted_input enable_minmax_tuning" +
      " quant_block_list block_name_to_quantize to_quant_block_names gradient_accumulate_steps scale_dtype act_bits" +
      " act_group_size act_sym act_dynamic act_data_type enable_norm_bias_tuning",
  ],
  bitsandbytes: [
    bitsAndBytes,
    "load_in_4bit load_in_8bit _load_in_4bit _load_in_8bit llm_int8_threshold llm_int8_skip_modules" +
      " llm_int8_enable_fp32_cpu_offload llm_int8_has_fp16_weight bnb_4bit_quant_type bnb_4bit_use_double_quant" +
      " bnb_4bit_compute_dtype bnb_4bit_quant_storage modules_to_not_convert",
  ],
  fp8: [fp8, "activation_scheme fmt weight_block_size modules_to_not_convert ignored_layers scale_fmt dequantize"],
  "fbgemm-fp8": [
    (q) => perRow("fp8", { name: "weight_scale", dtype: "fp32" }, q),
    "activation_scale_ub modules_to_not_convert",
  ],
  eetq: [(q) => perRow(integerOf8(q), { name: "weight_scales", dtype: "fp16" }, q), "weights modules_to_not_convert"],
  quanto: [quanto, "weights activations modules_to_not_convert"],
  bitnet: [bitNet, "linear_class quantization_mode use_rms_norm rms_norm_eps modules_to_not_convert"],
  hqq: [hqq, "quant_config skip_modules"],
  torchao: [
    torchAo,
    "quant_type quant_type_kwargs modules_to_not_convert include_input_output_embeddings untie_embedding_weights",
  ],
  mxfp4: [
    (q) => ({
      weightDtype: "fp4",
      beside: [{ name: "scales", dtype: "uint8", columns: 32 }],
      of: "experts",
      ...skippingHead(q, "modules_to_not_convert"),
    }),
    "modules_to_not_convert dequantize",
  ],
  "compressed-tensors": [
    compressedTensors,
    "config_groups format ignore kv_cache_scheme quantization_status global_compression_ratio sparsity_config" +
      " transform_config version run_compressed",
  ],
  modelopt: [
    modelOpt,
    "quant_algo producer config_groups ignore exclude_modules kv_cache_scheme kv_cache_quant_algo group_size",
  ],
};

function integerOf8(q: Fields): string {
  return (q.text("weights") ?? "int8") === "int8" ? "int8" : unpriced(q, "weights", "int8");
}

/** What `method` stores; undefined where it stores nothing of its own. Throws Unpriced. */
export function formOf(method: string, q: Fields): ReturnType<Read> {
  const row = Object.hasOwn(rows, method) ? rows[method] : undefined;
  if (row === undefined) return unpriced(q, "quant_method", `one of ${Object.keys(rows).join(", ")}`);
  const [read, known] = row;
  onlyKnown(q, ["quant_method", ...known.split(" ")]);
  return read(q);
}
