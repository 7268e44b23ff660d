// BART and its like. Checked against transformers 5.24: BartForConditionalGeneration, MBartFor…, PegasusFor…,
// MarianMTModel, M2M100For…, BlenderbotFor…, their bodies and decoders alone.
import { encoderDecoder, type EncoderDecoderConfig, type SideConfig } from "../../models/encoderDecoder.js";
import { perToken } from "../../models/heads.js";
import type { ModelOptions } from "../../models/workload.js";
import { chosen, classOf, dividing, labelsOf, layersOr, only, sizeOr, type Family } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { repeated } from "./unread.js";

/** What the families differ in. */
interface Kind {
  /** Class defaults of the sizes, where they are not BART's. */
  sizes?: { vocab?: number; width?: number; positions?: number; layers?: readonly [number, number]; hidden?: number };
  /** Norms before each half and one behind the stack, or behind each half alone. */
  order: "before" | "after";
  /** A norm of the embeddings. */
  embeddingNorm?: boolean;
  /** Rows that the position table has beside its positions; none: positions are computed. */
  moreRows: number | "computed";
  heads?: number;
  act?: string;
  scaled?: boolean;
  refuse?: (f: Fields) => void;
}

type Class = (f: Fields, config: EncoderDecoderConfig) => Partial<EncoderDecoderConfig>;
const generating: Class = () => ({});
const classes: Readonly<Record<string, Class>> = {
  ForConditionalGeneration: generating,
  MTModel: generating,
  Model: () => ({ vocabulary: "none" }),
  ForCausalLM: () => ({ encoder: undefined }),
  ForQuestionAnswering: (f) => ({ vocabulary: "none", heads: [perToken("qa_outputs", labelsOf(f))] }),
};

const bartLike =
  (kind: Kind): Family =>
  (f: Fields, options: ModelOptions, name: string) => {
    const { vocab = 50265, width = 1024, positions = 1024, layers = [12, 12], hidden = 4096 } = kind.sizes ?? {};
    const hiddenSize = sizeOr(f, "d_model", width);
    only(f, "tie_word_embeddings", true);
    kind.refuse?.(f);
    const rows = sizeOr(f, "max_position_embeddings", positions);
    const act = activationOf(f, kind.act ?? "gelu", "activation_function");
    const side = (at: "encoder" | "decoder", otherwise: number): SideConfig => {
      const heads = dividing(f, `${at}_attention_heads`, kind.heads ?? 16, hiddenSize);
      return {
        layers: layersOr(f, `${at}_layers`, otherwise),
        positionRows: kind.moreRows === "computed" ? 0 : rows + kind.moreRows,
        layer: {
          attention: { heads, headDim: hiddenSize / heads },
          intermediateSize: sizeOr(f, `${at}_ffn_dim`, hidden),
          act,
          order: kind.order,
        },
      };
    };
    const config: EncoderDecoderConfig = {
      hiddenSize,
      vocabSize: sizeOr(f, "vocab_size", vocab),
      encoder: side("encoder", layers[0]),
      decoder: side("decoder", layers[1]),
      maxTokens: kind.moreRows === "computed" ? undefined : rows,
      tokens: Math.min(512, rows),
      scaled: f.flag("scale_embedding", kind.scaled ?? false),
      ...(kind.embeddingNorm ? { embeddingNorm: "layer" } : {}),
      ...(kind.order === "before" ? { finalNorm: "layer" } : {}),
      vocabulary: "tied",
      source: "huggingface/transformers, modeling_bart.py",
    };
    repeated(f, hiddenSize, "hidden_size");
    repeated(f, config.encoder!.layers, "num_hidden_layers");
    const known = chosen(f, classes, classOf(f, "ForConditionalGeneration"));
    return encoderDecoder(name, { ...config, ...known(f, config) }, options);
  };

export const bartFamilies: Readonly<Record<string, Family>> = {
  bart: bartLike({ order: "after", embeddingNorm: true, moreRows: 2 }),
  mbart: bartLike({ order: "before", embeddingNorm: true, moreRows: 2 }),
  pegasus: bartLike({ order: "before", moreRows: 0 }),
  marian: bartLike({
    sizes: { vocab: 58101 },
    order: "after",
    moreRows: 0,
    refuse: (f) => only(f, "share_encoder_decoder_embeddings", true),
  }),
  m2m_100: bartLike({ sizes: { vocab: 128112 }, order: "before", moreRows: "computed", act: "relu", scaled: true }),
  blenderbot: bartLike({
    sizes: { vocab: 8008, width: 2560, positions: 128, layers: [2, 24], hidden: 10240 },
    order: "before",
    moreRows: 0,
    heads: 32,
  }),
};
