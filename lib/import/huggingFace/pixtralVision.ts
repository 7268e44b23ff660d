// Pixtral's tower, which takes images of any size. Checked against transformers 5.24: PixtralVisionModel.
import { view } from "../../models/layers.js";
import { norm, stackLayer, type StackLayer } from "../../models/stack.js";
import { dividing, layersOr, sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { sideOf, towerPath, type Tower } from "./towers.js";

/** Llama's block without a mask, every image for itself. */
export function pixtralVision(f: Fields): Tower {
  const hiddenSize = sizeOr(f, "hidden_size", 1024);
  const heads = dividing(f, "num_attention_heads", 16, hiddenSize);
  const headDim = hiddenSize / heads;
  const patchSize = sideOf(f, "patch_size", 16);
  // The largest image that is not scaled down; a head is its share of the width whatever the file says.
  sideOf(f, "image_size", 1024);
  f.optional("head_dim");
  const numHiddenLayers = layersOr(f, "num_hidden_layers", 24);
  const layer: StackLayer = {
    attention: { heads, headDim, bias: false, rotaryDim: headDim },
    intermediateSize: sizeOr(f, "intermediate_size", 4096),
    act: activationOf(f, "gelu", "hidden_act"),
    gated: true,
    mlpBias: false,
    norm: "rms",
  };
  return {
    patchSize,
    numChannels: sizeOr(f, "num_channels", 3),
    hiddenSize,
    prefixTokens: 0,
    see(net, images) {
      const map = net.conv(`${towerPath}patch_conv`, images, hiddenSize, patchSize, { stride: patchSize });
      const [batch, , rows, columns] = map.shape as [number, number, number, number];
      let x = norm(net, `${towerPath}ln_pre`, view(map, [batch, rows * columns, hiddenSize]), "rms");
      for (let i = 0; i < numHiddenLayers; i++) x = stackLayer(net, `${towerPath}transformer/layers.${i}`, x, layer);
      return x;
    },
  };
}
