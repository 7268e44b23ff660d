// YOLO by its names: Ultralytics' versions 5, 8, 11, 12 and 26, at five scales, for boxes or for one class an image.
import { shown } from "../../check.js";
import type { Activation, Layers } from "../layers.js";
import { visionNet } from "../net.js";
import type { ModelFactory, ModelOptions } from "../workload.js";
import { a2c2f, c2f, c2psa, c3, c3k2, conv, sppf } from "./blocks.js";
import { classify, detect, detectAnchors } from "./heads.js";
import { v11, v12, v26, v5, v8, v8ClassifyScales, type Row, type Scale, type Version } from "./versions.js";

/** Classes of COCO. */
const ofBoxes = 80;
/** Classes of ImageNet. */
const ofImages = 1000;

interface Placed {
  version: Version;
  scale: string;
  sizes: Scale;
  anchors: boolean;
}

/** The rows of a version on an image; each reads results of earlier ones. */
function writeRows(net: Layers, image: Activation, rows: readonly Row[], placed: Placed): void {
  const made: Activation[] = [];
  rows.forEach((row, i) => {
    const [from] = row;
    const read = (Array.isArray(from) ? (from as readonly number[]) : [from as number]).map((at) =>
      i === 0 ? image : made.at(at)!,
    );
    made.push(block(net, `model.${i}`, read, row, placed));
  });
}

function block(net: Layers, path: string, read: readonly Activation[], row: Row, placed: Placed): Activation {
  const { version, scale, sizes, anchors } = placed;
  const [depth, width, most] = sizes;
  const [, repeats, kind, ...args] = row;
  const x = read[0]!;
  const out = 8 * Math.ceil((Math.min(args[0] as number, most) * width) / 8);
  const count = repeats > 1 ? Math.max(Math.round(repeats * depth), 1) : repeats;
  const large = scale === "l" || scale === "x";
  switch (kind) {
    case "conv": {
      const [, kernel, stride, padding] = args as readonly number[];
      return conv(net, path, x, out, kernel!, { stride, ...(padding === undefined ? {} : { padding }) });
    }
    case "c3":
      return c3(net, path, x, { out, count, shortcut: args[1] as boolean });
    case "c2f":
      return c2f(net, path, x, { out, count, shortcut: args[1] as boolean });
    case "c3k2": {
      const [, asked, expansion = 0.5, attended = false] = args as [number, boolean, number?, boolean?];
      return c3k2(net, path, x, { out, count, nested: asked || large || scale === "m", expansion, attended });
    }
    case "sppf": {
      const [, kernel, act, shortcut = false] = args as [number, number, boolean, boolean?];
      return sppf(net, path, x, { out, kernel, act, shortcut });
    }
    case "c2psa":
      return c2psa(net, path, x, { count });
    case "a2c2f": {
      const [, attended, areas] = args as [number, boolean, number?];
      const attention = attended ? { areas: areas! } : {};
      return a2c2f(net, path, x, { out, count, ...attention, residual: large, ratio: large ? 1.2 : 2 });
    }
    case "upsample":
      return net.upsample(path, x, [2 * x.shape[2]!, 2 * x.shape[3]!]);
    case "concat":
      return net.concat(path, read);
    case "detect": {
      const { bins = 16, full = false, twice = false } = version;
      if (anchors) detectAnchors(net, path, read, ofBoxes);
      else detect(net, path, read, { classes: ofBoxes, bins, full, twice });
      return x;
    }
    case "classify":
      classify(net, path, x, ofImages);
      return x;
  }
}

const source = "ultralytics/ultralytics, nn/tasks.py";

/** Boxes: images of any sides that 32 divides, 640 by default. */
const detector =
  (name: string, version: Version, scale: string, anchors = false): ModelFactory =>
  (options?: ModelOptions) => {
    const { net, input } = visionNet(name, options, 640);
    for (const side of input.shape.slice(2))
      if (side % 32 !== 0) throw new RangeError(`${name}: imageSize must be a multiple of 32, got ${shown(side)}`);
    const sizes = version.scales[scale]!;
    writeRows(net, input, [...version.backbone, ...version.head], { version, scale, sizes, anchors });
    return net.model(anchors ? "ultralytics/yolov5, models/yolo.py" : source);
  };

/** One class an image, 224 by default: the backbone without its pools of three sizes. */
const classifier =
  (name: string, version: Version, scale: string, scales = version.scales): ModelFactory =>
  (options?: ModelOptions) => {
    const { net, input } = visionNet(name, options, 224);
    const rows: Row[] = [...version.backbone.filter(([, , kind]) => kind !== "sppf"), [-1, 1, "classify"]];
    writeRows(net, input, rows, { version, scale, sizes: scales[scale]!, anchors: false });
    return net.model(source);
  };

const letters = ["n", "s", "m", "l", "x"];
const each = (named: (letter: string) => readonly [string, ModelFactory]): Readonly<Record<string, ModelFactory>> =>
  Object.fromEntries(letters.map(named));
const detectors = (prefix: string, version: Version): Readonly<Record<string, ModelFactory>> =>
  each((s) => [`${prefix}${s}`, detector(`${prefix}${s}`, version, s)]);
const classifiers = (
  prefix: string,
  version: Version,
  scales?: Version["scales"],
): Readonly<Record<string, ModelFactory>> =>
  each((s) => [`${prefix}${s}-cls`, classifier(`${prefix}${s}-cls`, version, s, scales)]);

/** Version 5 has its first head under its own names, and under those with a "u" the one that Ultralytics gave it. */
export const yolos: Readonly<Record<string, ModelFactory>> = {
  ...each((s) => [`yolov5${s}`, detector(`yolov5${s}`, v5, s, true)]),
  ...each((s) => [`yolov5${s}u`, detector(`yolov5${s}u`, v5, s)]),
  ...detectors("yolov8", v8),
  ...classifiers("yolov8", v8, v8ClassifyScales),
  ...detectors("yolo11", v11),
  ...classifiers("yolo11", v11),
  ...detectors("yolo12", v12),
  ...detectors("yolo26", v26),
};
