// The options that explore takes, as fields of a form: data only. The compiler sees that none is missing.
import type { OptionName } from "./messages.js";

/** `kind`: what is typed or chosen; `list`: suggestions of that name; `hint`: what stands for nothing typed. */
export interface Field {
  readonly label: string;
  readonly kind: "number" | "text" | "switch" | "choice" | "list";
  readonly hint?: string;
  readonly choices?: readonly string[];
  readonly list?: "dtypes" | "tools";
}

/** A group of fields; one that is `folded` opens at a press, or where one of its fields is set. */
export interface FieldGroup {
  readonly title: string;
  readonly folded: boolean;
  readonly names: readonly OptionName[];
}

const dtype = { kind: "text", list: "dtypes" } as const;

export const fields: Readonly<Record<OptionName, Field>> = {
  phase: { label: "Phase", kind: "choice", choices: ["prefill", "decode", "train"], hint: "usual" },
  batch: { label: "Batch", kind: "number", hint: "1" },
  tokens: { label: "Tokens", kind: "number", hint: "new ones" },
  context: { label: "Context", kind: "number", hint: "all attended to" },
  dtype: { label: "Dtype", ...dtype, hint: "its own" },
  "weight-dtype": { label: "Weight dtype", ...dtype, hint: "as the dtype" },
  "kv-dtype": { label: "Dtype of keys and values", ...dtype, hint: "as the dtype" },
  "group-size": { label: "Weights that share a scale", kind: "number" },
  "image-size": { label: "Image size", kind: "text", hint: "224 or 480x640" },
  images: { label: "Images in each sequence", kind: "number", hint: "0" },
  "latent-size": { label: "Latent size", kind: "text", hint: "64 or 64x96" },
  "source-tokens": { label: "Tokens that an encoder reads", kind: "number" },
  steps: { label: "Steps of a pipeline", kind: "number" },
  "no-guidance": { label: "One evaluation a step, no guidance", kind: "switch" },
  dim: { label: "Open sizes of an ONNX file", kind: "list", hint: "height=224 width=224" },
  devices: { label: "Devices that share the work", kind: "number", hint: "1" },
  split: { label: "What they divide", kind: "choice", choices: ["tensor", "expert", "data"], hint: "the usual" },
  reserve: { label: "Memory kept free", kind: "text", hint: "2GiB" },
  "fused-attention": { label: "Scores never leave the chip", kind: "switch" },
  optimizer: {
    label: "Optimizer",
    kind: "choice",
    choices: ["adamw", "adam", "momentum", "sgd"],
    hint: "adamw",
  },
  "master-weights": { label: "Master weights in fp32", kind: "switch" },
  recompute: { label: "Recompute activations", kind: "switch" },
  zero: { label: "ZeRO stage", kind: "choice", choices: ["0", "1", "2", "3"], hint: "0" },
  "lora-rank": { label: "LoRA rank", kind: "number" },
  "lora-targets": { label: "LoRA targets", kind: "text", hint: "q_proj,v_proj" },
  depth: { label: "Depth of the table", kind: "number", hint: "1" },
  as: { label: "As another tool counts", kind: "text", list: "tools" },
};

export const groups: readonly FieldGroup[] = [
  { title: "Workload", folded: false, names: ["phase", "batch", "tokens", "context", "dtype", "weight-dtype"] },
  {
    title: "More of the workload",
    folded: true,
    names: [
      "kv-dtype",
      "group-size",
      "image-size",
      "images",
      "source-tokens",
      "latent-size",
      "dim",
      "steps",
      "no-guidance",
    ],
  },
  { title: "Memory and devices", folded: true, names: ["devices", "split", "reserve", "fused-attention"] },
  {
    title: "Training",
    folded: true,
    names: ["optimizer", "master-weights", "recompute", "zero", "lora-rank", "lora-targets"],
  },
  { title: "Counting", folded: true, names: ["depth", "as"] },
];
