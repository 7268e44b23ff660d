// Models that the tools were run on, by the names of test/golden/tools.json. Layers are described there
// (torchModules.ts).
import { model, type Model } from "../../lib/index.js";
import { gpt2, llama } from "./blocks.js";

export const modelCases: Readonly<Record<string, () => Model>> = {
  ...Object.fromEntries(
    ["resnet18", "resnet50", "mobilenet_v2", "efficientnet_b0", "convnext_tiny", "vit_b_16"].map((name) => [
      name,
      () => model(name),
    ]),
  ),
  "deit_s(vit384x6)": () => model("deit_small"),
  "gpt2@32": gpt2,
  "llama-tiny@32": llama,
};
