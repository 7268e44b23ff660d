// The net of a denoiser, and what it reads: a latent, a text that was encoded, a time.
import { shown } from "../../check.js";
import { layers, modelInput, type Activation, type Layers } from "../layers.js";
import { noDecode, sidePair, workload, type ModelOptions } from "../workload.js";

/** What a denoiser reads where the workload does not say so. */
export interface LatentDefaults {
  /** Side of the latent, or [height, width]; absent: the workload must say it. */
  size?: number | readonly [number, number];
  /** Channels of the latent. */
  channels: number;
  /** Positions of the text; absent: it reads none. */
  tokens?: number;
}

/** A denoiser's net: `latent` [batch, channels, height, width], `tokens` of the text. */
export function latentNet(name: string, options: ModelOptions | undefined, defaults: LatentDefaults) {
  const { batch, phase, precision, fusedAttention, imageSize, latentSize, ...given } = workload(name, options);
  noDecode(name, phase);
  if (imageSize !== undefined)
    throw new RangeError(
      `${name}: size must be given as latentSize (--latent-size), since a denoiser reads no pixels, ` +
        `got imageSize ${shown(imageSize)}`,
    );
  const asked = latentSize ?? defaults.size;
  if (asked === undefined)
    throw new RangeError(`${name}: latentSize must be given (--latent-size), as sample_size tells none, got nothing`);
  const [height, width] = sidePair(name, "latentSize", asked);
  const tokens = given.tokens ?? defaults.tokens ?? 0;
  const text = defaults.tokens === undefined ? {} : { tokens };
  const net = layers({
    name,
    phase,
    precision,
    fusedAttention,
    workload: { latentSize: height === width ? height : [height, width], batch, ...text, phase, ...precision },
  });
  const latent = input([batch, defaults.channels, height, width]);
  return { net, latent, batch, height, width, tokens };
}

/** What comes from outside. */
export const input = (shape: readonly number[]): Activation => ({ shape, node: modelInput });

/** A vector through two matrices with an activation between them: what a time or a pooled text becomes. */
export function embedVector(
  net: Layers,
  path: string,
  x: Activation,
  width: number,
  act: "silu" | "gelu" | "relu" = "silu",
): Activation {
  const hidden = net.activate(`${path}/act`, net.linear(`${path}/linear_1`, x, width), act);
  return net.linear(`${path}/linear_2`, hidden, width);
}
