// A convolution's shape, of the sizes that fast-check drew.
import { spatialNames } from "./arbitrary.js";
import { type WindowCase } from "./oracleWindow.js";

export const shapeOf = (
  rank: 1 | 2 | 3,
  w: WindowCase,
  {
    batch,
    groups,
    inPerGroup,
    outPerGroup,
    bias,
  }: { batch: number; groups: number; inPerGroup: number; outPerGroup: number; bias: boolean },
) => ({
  batch,
  groups,
  inChannels: groups * inPerGroup,
  outChannels: groups * outPerGroup,
  bias,
  exactPadding: true,
  ...Object.fromEntries(spatialNames[rank].map((name, i) => [name, w.size[i]!])),
  kernelSize: w.kernel,
  stride: w.stride,
  padding: w.padding,
  dilation: w.dilation,
});
