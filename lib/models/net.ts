// The net that a family writes its layers on, and its input, from the options of model().
import { shown } from "../check.js";
import { layers, modelInput, type Activation } from "./layers.js";
import { imagePair, noDecode, workload, type ModelOptions } from "./workload.js";

/** A vision model: `input` is [batch, channels, height, width]; `size` is the published image size. */
export function visionNet(name: string, options: ModelOptions | undefined, size: number, channels = 3) {
  const { batch, phase, precision, fusedAttention, imageSize } = workload(name, options);
  noDecode(name, phase);
  const [height, width] = imagePair(name, imageSize, size);
  const net = layers({
    name,
    phase,
    precision,
    fusedAttention,
    workload: { imageSize: height === width ? height : [height, width], batch, phase, ...precision },
  });
  const input: Activation = { shape: [batch, channels, height, width], node: modelInput };
  return { net, input };
}

/** Lengths of a text family. */
export interface TextDefaults {
  /** Default length of a text in prefill and train. */
  tokens: number;
  /** The longest text; default any length. */
  positions?: number;
  /** Whether an encoder's source stands beside the text; default false. */
  encoderDecoder?: boolean;
  /** Whether a text attends to a source beside it; default false. */
  crossAttention?: boolean;
  /** The length of every source, where it is fixed; default as long as the text. */
  sourceTokens?: number;
}

/**
 * A text model. Encoders: `tokens` per sequence. Encoder-decoders: `tokens` are decoder positions (1 by default when
 * decoding), `context` those attended to, `sourceTokens` what the encoder reads. Throws a RangeError when there are
 * more tokens than positions or than context.
 */
export function textNet(
  name: string,
  options: ModelOptions | undefined,
  { tokens: length, positions, encoderDecoder = false, crossAttention, sourceTokens: sourceLength }: TextDefaults,
) {
  const given = workload(name, options);
  const { batch, phase, precision, fusedAttention } = given;
  if (!encoderDecoder) noDecode(name, phase);
  const { tokens = phase === "decode" ? 1 : length } = given;
  const context = encoderDecoder && phase === "decode" ? (given.context ?? tokens) : tokens;
  const sourceTokens = given.sourceTokens ?? sourceLength ?? (phase === "decode" ? length : tokens);
  if (context < tokens)
    throw new RangeError(`${name}: context must be at least tokens ${tokens}, got ${shown(context)}`);
  const asked = phase === "decode" ? "context" : "tokens";
  if (positions !== undefined && context > positions)
    throw new RangeError(`${name}: ${asked} must be at most ${positions} positions, got ${shown(context)}`);
  if (sourceLength !== undefined && sourceTokens !== sourceLength)
    throw new RangeError(`${name}: sourceTokens must be ${sourceLength}, got ${shown(sourceTokens)}`);
  const lengths = encoderDecoder ? { context, sourceTokens } : crossAttention ? { sourceTokens } : {};
  const described = { batch, tokens, ...lengths, phase };
  const net = layers({ name, phase, precision, fusedAttention, workload: { ...described, ...precision } });
  return { net, batch, tokens, context, sourceTokens };
}
