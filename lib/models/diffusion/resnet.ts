// The convolutional blocks of latent diffusion: residual blocks with a time, steps between sizes.
import type { ActivationKind } from "../../ops/index.js";
import { view, type Activation, type Layers } from "../layers.js";

/** What all residual blocks of a net share. */
export interface ResnetKind {
  /** Groups of each norm. */
  readonly groups: number;
  /** Activation behind each norm, and before the time's matrix. */
  readonly act: ActivationKind;
  /** Whether the time scales and shifts the second norm's result; default false: it is added before. */
  readonly scaleShift?: boolean;
}

/** Two norms, activations and 3×3 convolutions with a residual; `time` [batch, width] where there is one. */
export function resnetBlock(
  net: Layers,
  path: string,
  x: Activation,
  outChannels: number,
  { groups, act, scaleShift = false }: ResnetKind,
  time?: Activation,
): Activation {
  const normed = (n: number, y: Activation): Activation => net.groupNorm(`${path}/norm${n}`, y, groups);
  const active = (n: number, y: Activation): Activation => net.activate(`${path}/nonlinearity${n}`, y, act);
  const three = { padding: 1, bias: true };
  let y = net.conv(`${path}/conv1`, active(1, normed(1, x)), outChannels, 3, three);
  if (time === undefined) y = normed(2, y);
  else {
    const width = scaleShift ? 2 * outChannels : outChannels;
    const projected = net.linear(`${path}/time_emb_proj`, net.activate(`${path}/time_act`, time, act), width);
    const perChannel = view(projected, [x.shape[0]!, outChannels, 1, 1]);
    if (scaleShift) {
      const scale = net.addConstant(`${path}/time_scale`, perChannel, [1]);
      y = net.multiply(`${path}/scale`, normed(2, y), scale);
      y = net.add(`${path}/shift`, y, perChannel);
    } else y = normed(2, net.add(`${path}/add_time`, y, perChannel));
  }
  y = net.conv(`${path}/conv2`, active(2, y), outChannels, 3, three);
  const skip = x.shape[1] === outChannels ? x : net.conv(`${path}/conv_shortcut`, x, outChannels, 1, { bias: true });
  return net.add(`${path}/add`, skip, y);
}

/** Half the size, by a convolution of stride 2; `padding` 0 pads after the last row and column alone. */
export function downsample(net: Layers, path: string, x: Activation, padding: 0 | 1): Activation {
  const after = [0, 1] as const;
  const around = padding === 0 ? [after, after] : 1;
  return net.conv(`${path}/conv`, x, x.shape[1]!, 3, { stride: 2, padding: around, bias: true });
}

/** `size`, by copies of the nearest positions, and a convolution. */
export function upsample(net: Layers, path: string, x: Activation, size: readonly [number, number]): Activation {
  const larger = net.upsample(`${path}/interpolate`, x, size);
  return net.conv(`${path}/conv`, larger, x.shape[1]!, 3, { padding: 1, bias: true });
}

/** Norm, activation and convolution behind the last block. */
export function convOut(
  net: Layers,
  path: string,
  x: Activation,
  outChannels: number,
  { groups, act, kernelSize = 3 }: ResnetKind & { kernelSize?: number },
): Activation {
  const y = net.activate(`${path}conv_act`, net.groupNorm(`${path}conv_norm_out`, x, groups), act);
  const padding = Math.floor((kernelSize - 1) / 2);
  return net.conv(`${path}conv_out`, y, outChannels, kernelSize, { padding, bias: true });
}
