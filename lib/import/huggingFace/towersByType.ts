// Towers of models of text and images by the type of their record.
import { seeImages, type ImageTowerConfig } from "../../models/dualEncoder.js";
import { imageEncoders } from "./clip.js";
import { allRead, recordOf } from "./composedFamily.js";
import type { Fields } from "./fields.js";
import { internVision } from "./internVision.js";
import { pixtralVision } from "./pixtralVision.js";
import { towerPath, type Tower } from "./towers.js";

const encoder =
  (read: (f: Fields) => ImageTowerConfig) =>
  (f: Fields): Tower => {
    const config = read(f);
    return { ...config, see: (net, images) => seeImages(net, images, config, towerPath) };
  };

const towers: Readonly<Record<string, (f: Fields) => Tower>> = {
  clip_vision_model: encoder(imageEncoders.clip_vision_model!),
  siglip_vision_model: encoder(imageEncoders.siglip_vision_model!),
  pixtral: pixtralVision,
  internvl_vision: encoder(internVision),
};

/** The encoder of `vision_config`, of the type `otherwise` where it names none. */
export function towerOf(name: string, f: Fields, otherwise: string): Tower {
  const own = recordOf(f, "vision_config");
  const type = own.text("model_type") ?? otherwise;
  if (!Object.hasOwn(towers, type)) return own.refuse("model_type", `one of ${Object.keys(towers).join(", ")}`);
  const tower = towers[type]!(own);
  allRead(name, own, true);
  return tower;
}
