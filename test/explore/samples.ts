// Files of each kind that explore reads, whole and broken: for its own tests, and for those of the page that asks it.
import type { ExploreOptions } from "../../lib/explore/index.js";
import { llama } from "../cli/run.js";
import { bytesOfParts, ggufFile, safetensorsFile, safetensorsHeader } from "../import/support/files.js";
import { node, onnxFile, tensor, valueInfo } from "../import/support/proto.js";

export const tensors = [
  { name: "token_embd.weight", shape: [300, 256], type: 12, bytes: 300 * 144 },
  { name: "output_norm.weight", shape: [256], type: 0, bytes: 1024 },
  { name: "blk.0.attn_q.weight", shape: [256, 256], type: 2, bytes: 256 * 8 * 18 },
];
export const metadata = {
  "general.architecture": "llama",
  "llama.block_count": 1,
  "llama.embedding_length": 256,
  "llama.feed_forward_length": 512,
  "llama.attention.head_count": 4,
  "llama.context_length": 128,
};
export const config = JSON.stringify(llama);
const plain = safetensorsHeader({ a: { dtype: "F32", shape: [2, 8] } });
export const weights = safetensorsFile(plain.header, plain.dataBytes);
export const graph = onnxFile({
  nodes: [
    node("MatMul", ["x", "w"], ["y"], { name: "product" }),
    node("Mystery", ["y"], ["z"], { name: "unknown", domain: "own" }),
  ],
  inputs: [valueInfo("x", ["batch", 4])],
  outputs: [valueInfo("z", [])],
  initialisers: [tensor("w", [4, 6])],
});
export const gguf = ggufFile(metadata, tensors);

const { concat, u32, u64 } = bytesOfParts;
const text = new TextEncoder();

/** A file's name, what is in it, and what is asked of it. */
export type Sample = [name: string, content: string | Uint8Array, options?: ExploreOptions];

/** Each is refused in one line. */
export const brokenFiles: readonly Sample[] = [
  ["empty.json", ""],
  ["cut.json", config.slice(0, 40)],
  ["list.json", "[1, 2]"],
  ["number.json", "5"],
  ["latin.json", Uint8Array.of(0x7b, 0xff, 0x7d)],
  ["deep.json", "[".repeat(100)],
  ["unknown.json", JSON.stringify({ model_type: "\u001b[31mred\nline" })],
  ["short.json", JSON.stringify({ ...llama, hidden_size: undefined })],
  ["option.json", config, { batch: "0" }],
  ["phase.json", config, { phase: "later" }],
  ["steps.json", config, { steps: "3" }],
  ["missing.index.json", JSON.stringify({ weight_map: 5 })],
  ["empty.safetensors", ""],
  ["cut.safetensors", weights.subarray(0, 30)],
  ["long.safetensors", safetensorsFile(plain.header, plain.dataBytes, 2n ** 60n)],
  ["gap.safetensors", safetensorsFile(plain.header, plain.dataBytes + 1)],
  ["depth.safetensors", weights, { depth: "1" }],
  ["empty.gguf", ""],
  ["cut.gguf", gguf.subarray(0, 200)],
  ["zip.gguf", text.encode("PK\u0003\u0004 and much else behind it")],
  ["version.gguf", concat([text.encode("GGUF"), u32(9), u64(0), u64(0)])],
  ["claim.gguf", ggufFile({}, [], { tensorCount: 1e9 })],
  ["empty.onnx", ""],
  ["cut.onnx", graph.subarray(0, 99)],
  ["text.onnx", "no protobuf at all"],
  ["option.onnx", graph, { phase: "decode" }],
  ["dim.onnx", graph, { dim: ["=3"] }],
];
