// What stands behind YOLO's blocks: boxes and classes at three sizes, or one class. The geometry that makes boxes of
// distances, and the choice among boxes, are neglected.
import { view, type Activation, type Layers } from "../layers.js";
import { conv } from "./blocks.js";

/** A head for boxes. */
export interface DetectHead {
  /** Classes. */
  classes: number;
  /** Values of a distance's distribution; 1 is a distance. */
  bins: number;
  /** Whether classes come from full convolutions, and not from depthwise ones. */
  full: boolean;
  /** Whether a second head of the same form, one box an object, is run beside it. */
  twice: boolean;
}

/** All positions of all sizes beside each other, [batch, values, positions]. */
function joined(net: Layers, path: string, parts: readonly Activation[]): Activation {
  const flat = parts.map((x) => view(x, [x.shape[0]!, x.shape[1]!, x.shape[2]! * x.shape[3]!]));
  return net.concat(path, flat, { axis: 2 });
}

/** A box and the probability of each class for every position of `features`. */
export function detect(net: Layers, path: string, features: readonly Activation[], head: DetectHead): void {
  const first = predictions(net, path, "", features, head);
  const { boxes, scores } = head.twice ? predictions(net, path, "one2one_", features, head) : first;
  const [batch, , positions] = boxes.shape as [number, number, number];
  if (head.bins > 1) {
    const bins = net.softmax(`${path}/dfl/softmax`, view(boxes, [batch, head.bins, 4, positions]), 1);
    net.conv(`${path}/dfl/conv`, bins, 1, 1);
  }
  net.activate(`${path}/sigmoid`, scores, "sigmoid");
}

function predictions(
  net: Layers,
  path: string,
  prefix: string,
  features: readonly Activation[],
  { classes, bins, full }: DetectHead,
): { boxes: Activation; scores: Activation } {
  const narrow = features[0]!.shape[1]!;
  const ofBoxes = Math.max(16, Math.floor(narrow / 4), 4 * bins);
  const ofClasses = Math.max(narrow, Math.min(classes, 100));
  const last = (at: string, x: Activation, out: number): Activation => net.conv(`${at}.2`, x, out, 1, { bias: true });
  const boxes = features.map((x, i) => {
    const at = `${path}/${prefix}cv2.${i}`;
    return last(at, conv(net, `${at}.1`, conv(net, `${at}.0`, x, ofBoxes, 3), ofBoxes, 3), 4 * bins);
  });
  const scores = features.map((x, i) => {
    const at = `${path}/${prefix}cv3.${i}`;
    return last(at, step(`${at}.1`, step(`${at}.0`, x)), classes);
  });
  return {
    boxes: joined(net, `${path}/${prefix}boxes`, boxes),
    scores: joined(net, `${path}/${prefix}scores`, scores),
  };

  function step(at: string, x: Activation): Activation {
    if (full) return conv(net, at, x, ofClasses, 3);
    const each = conv(net, `${at}.0`, x, x.shape[1]!, 3, { groups: x.shape[1]! });
    return conv(net, `${at}.1`, each, ofClasses, 1);
  }
}

/** The head of the first version 5: three boxes a position, each with its classes. */
export function detectAnchors(net: Layers, path: string, features: readonly Activation[], classes: number): void {
  features.forEach((x, i) => {
    const y = net.conv(`${path}/m.${i}`, x, 3 * (classes + 5), 1, { bias: true });
    net.activate(`${path}/sigmoid.${i}`, y, "sigmoid");
  });
}

/** The probability of each class for the whole image. */
export function classify(net: Layers, path: string, x: Activation, classes: number): void {
  const y = net.globalAvgPool(`${path}/pool`, conv(net, `${path}/conv`, x, 1280, 1));
  net.softmax(`${path}/softmax`, net.linear(`${path}/linear`, y, classes));
}
