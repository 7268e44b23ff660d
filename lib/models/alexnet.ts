// AlexNet as torchvision builds it ("One weird trick", arXiv 1404.5997: one tower, no groups).
import type { ModelFactory, ModelOptions } from "./workload.js";
import { visionNet } from "./net.js";

/** Krizhevsky 2014. The pooled map is always 6x6, so the classifier does not depend on the image size. */
export function alexnet(name: string, { numLabels = 1000 }: { numLabels?: number } = {}, options?: ModelOptions) {
  const { net, input } = visionNet(name, options, 224);
  const relu = (i: number, x: typeof input) => net.relu(`features.${i}`, x);
  const pool = (i: number, x: typeof input) => net.maxPool(`features.${i}`, x, 3, { stride: 2 });
  const conv = (i: number, x: typeof input, out: number, kernel: number, padding: number, stride = 1) =>
    net.conv(`features.${i}`, x, out, kernel, { stride, padding, bias: true });
  let x = pool(2, relu(1, conv(0, input, 64, 11, 2, 4)));
  x = pool(5, relu(4, conv(3, x, 192, 5, 2)));
  x = relu(7, conv(6, x, 384, 3, 1));
  x = relu(9, conv(8, x, 256, 3, 1));
  x = pool(12, relu(11, conv(10, x, 256, 3, 1)));
  x = net.flatten(net.adaptiveAvgPool("avgpool", x, 6));
  x = net.relu("classifier.2", net.linear("classifier.1", x, 4096));
  x = net.relu("classifier.5", net.linear("classifier.4", x, 4096));
  net.linear("classifier.6", x, numLabels);
  return net.model("torchvision/models/alexnet.py");
}

export const alexnets: Readonly<Record<string, ModelFactory>> = {
  alexnet: (options) => alexnet("alexnet", {}, options),
};
