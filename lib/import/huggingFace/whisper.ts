// Whisper. Checked against transformers 5.24: WhisperForConditionalGeneration, WhisperModel, WhisperForCausalLM.
import { whisper, type WhisperConfig } from "../../models/whisper.js";
import { chosen, classOf, dividing, layersOr, sizeOr, type Family } from "./encoderFields.js";
import { activationOf } from "./llama.js";
import { repeated } from "./unread.js";

const classes: Readonly<Record<string, Pick<WhisperConfig, "decoderOnly" | "output">>> = {
  ForConditionalGeneration: {},
  Model: { output: "none" },
  ForCausalLM: { decoderOnly: true },
};

const whisperLike: Family = (f, options, name) => {
  const hiddenSize = sizeOr(f, "d_model", 384);
  const encoderLayers = layersOr(f, "encoder_layers", 4);
  repeated(f, encoderLayers, "num_hidden_layers");
  const config: WhisperConfig = {
    hiddenSize,
    numAttentionHeads: dividing(f, "encoder_attention_heads", 6, hiddenSize),
    decoderAttentionHeads: dividing(f, "decoder_attention_heads", 6, hiddenSize),
    encoderLayers,
    decoderLayers: layersOr(f, "decoder_layers", 4),
    encoderFfnDim: sizeOr(f, "encoder_ffn_dim", 1536),
    decoderFfnDim: sizeOr(f, "decoder_ffn_dim", 1536),
    act: activationOf(f, "gelu", "activation_function"),
    vocabSize: sizeOr(f, "vocab_size", 51865),
    numMelBins: sizeOr(f, "num_mel_bins", 80),
    maxSourcePositions: sizeOr(f, "max_source_positions", 1500),
    maxTargetPositions: sizeOr(f, "max_target_positions", 448),
    output: f.flag("tie_word_embeddings", true) ? "tied" : "own",
    ...chosen(f, classes, classOf(f, "ForConditionalGeneration")),
  };
  return whisper(name, config, options);
};

export const whisperFamilies: Readonly<Record<string, Family>> = { whisper: whisperLike };
