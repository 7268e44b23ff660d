// What --help prints.
import { toolNames } from "../convention.js";
import { layerNames } from "../ops/index.js";
import { layerHelp } from "./opKeys.js";

/** Words on lines of at most 80 columns. */
const wrapped = (text: string): string => text.replace(/(.{1,78})(?: |$)/g, "\n  $1");

const files = "config.json, .safetensors, .gguf or .onnx";

export const general = `What a machine-learning model costs, and what stops it.

  ridgepoint count <name|file>                   parameters, MACs, FLOPs, bytes
  ridgepoint op <kind> '<json shape>'            one layer
  ridgepoint fits <name|file> --device <id>      what it needs in a device's memory
  ridgepoint roofline <name|file> --device <id>  bounds on time on a device
  ridgepoint models [word]                       the models that are known by name
  ridgepoint devices [word]                      the devices, with their roofs
  ridgepoint machine                             this machine, measured

A name is torchvision's or Hugging Face's (resnet50, bert-base-uncased, Llama-3-8B);
a file is a ${files}.
ridgepoint <command> --help lists a command's options; --json prints one object; --version the version.
`;

const workload = `  --batch N            samples (1)
  --tokens N           new positions of each sequence
  --context N          positions attended to, the new ones included
  --source-tokens N    positions that an encoder reads (T5)
  --image-size N|HxW   pixels
  --images N           images in each sequence of a model of text and images (0)
  --latent-size N|HxW  positions of the latent that a denoiser reads
  --steps N            of a diffusers pipeline's folder: texts, N steps, image; --no-guidance: one evaluation a step
  --phase P            prefill, decode or train
  --dtype D            fp32, bf16, fp16, fp8, … of activations, and of weights unless:
  --weight-dtype D     of weights; --group-size N: weights that share a scale
  --kv-dtype D         of keys and values
  --dim name=N         a symbolic size of an ONNX file; may be repeated
`;

const traffic = "bytes are compulsory traffic: each tensor once, at its dtype";
const conv2d = '{"inChannels": 64, "outChannels": 128, "height": 56, "width": 56, "kernelSize": 3, "padding": 1}';
const ownDevice = '{"name": "mine", "peakFlops": {"bf16": 1e14}, "bandwidth": 1e12, "memory": 24e9}';
const duration = "About half a minute; --quick under ten seconds.";

const texts: Readonly<Record<string, string>> = {
  count: `ridgepoint count <name|file> [options]

What a model costs for a workload. FLOPs are 2 MACs and the rest, ${traffic}.

${workload}  --as TOOL            as another tool would count, and why it differs: ${toolNames.join(", ")}
  --depth N            a table by the first N parts of the paths
  --json               one object
`,
  op: `ridgepoint op <kind> '<json shape>' [--as TOOL] [--json]

What one layer costs. Sizes are PyTorch's in camelCase; dtype and the like stand among them. Without a kind, the layers
with their keys; a kind and --help, what each of its keys takes: ${wrapped(layerNames.join(", "))}

  ridgepoint op linear '{"tokens": 8, "inFeatures": 768, "outFeatures": 3072, "dtype": "bf16"}'
  ridgepoint op conv2d '${conv2d}'
  ridgepoint op attention '{"tokens": 1, "context": 4096, "heads": 32, "kvHeads": 8, "headDim": 128, "causal": true}'
`,
  fits: `ridgepoint fits <name|file> --device <id> [options]

What a phase needs in the memory of one device, line by line, and whether it fits.

  --device ID          as ridgepoint devices lists them, or figures of your own (ridgepoint roofline --help)
${workload}  --devices N          devices that share the work; the batch is that of each along expert and data
  --split S            what they divide: tensor (each matrix), expert or data (training's usual)
  --reserve BYTES      what the runtime keeps for itself, such as 2GiB
  --fused-attention    scores never leave the chip (usual but in training)
  --json               one object

Training (--phase train):
  --optimizer O        adamw, adam, momentum or sgd (adamw)
  --master-weights     an fp32 copy of narrower weights
  --recompute          of each repeated block only the input is kept
  --zero S             1: state, 2: gradients too, 3: weights too are divided over data-parallel devices
  --lora-rank R        adapters instead of all weights; --lora-targets a,b: beside which linear layers (q_proj,v_proj)
`,
  models: `ridgepoint models [word] [--json]

The models that are known by name, by family; those whose name has the word in it.
`,
  roofline: `ridgepoint roofline <name|file> --device <id> [options]

Bounds on the time of one forward pass (or a training step): the larger of compute and memory time, and their sum.

  --device ID          as ridgepoint devices lists them; or figures of your own, in FLOP/s, byte/s and bytes:
                       '${ownDevice}'
                       or a file.json of such figures, or of what ridgepoint machine --json printed
${workload}  --depth N            the parts of the table (1; 0 for none)
  --json               one object
`,
  devices: `ridgepoint devices [word] [--json]

The devices, every figure dense; with a word, those that have it in their id or name (h100, "rtx 40", apple).
--json has all formats, caches and the source of each figure.
`,
  machine: `ridgepoint machine [--quick] [--json] [--curve]

Measures this machine: bandwidth and latency by level, and three compute roofs. ${duration}

  --quick              fewer and smaller working sets
  --json               the Device as one object; --curve adds every point of the sweep
`,
};

/** Of a command, or of the layer that is the first of the words behind `op`. */
export function help(command: string, [word]: readonly string[] = []): string {
  const layer = command === "op" ? layerNames.find((name) => name === word) : undefined;
  return layer === undefined ? texts[command]! : layerHelp(layer);
}
