// Hugging Face's fields -> the encoders, encoder-decoders and vision models of models/, by model_type. Each is counted
// as the class that the file names, or as its family's body; how a family names its sizes is in a file beside this one.
import { bartFamilies } from "./bart.js";
import { bertFamilies } from "./bert.js";
import { clipFamilies } from "./clip.js";
import { convFamilies } from "./convNets.js";
import { debertaFamilies } from "./deberta.js";
import { dinoFamilies } from "./dino.js";
import type { Family } from "./encoderFields.js";
import { idleFields } from "./idleFields.js";
import { modernBertFamilies } from "./modernBert.js";
import { mobileNetFamilies } from "./mobileNet.js";
import { mobileVitFamilies } from "./mobileVit.js";
import { speechFamilies } from "./speech.js";
import { segformerFamilies } from "./segformer.js";
import { swinFamilies } from "./swin.js";
import { t5Families } from "./t5.js";
import { refuseUnread } from "./unread.js";
import { vitFamilies } from "./vit.js";
import { vitMaeFamilies } from "./vitMae.js";
import { whisperFamilies } from "./whisper.js";

const families: Readonly<Record<string, Family>> = {
  ...bertFamilies,
  ...modernBertFamilies,
  ...t5Families,
  ...bartFamilies,
  ...whisperFamilies,
  ...speechFamilies,
  ...vitFamilies,
  ...dinoFamilies,
  ...debertaFamilies,
  ...convFamilies,
  ...swinFamilies,
  ...segformerFamilies,
  ...mobileNetFamilies,
  ...mobileVitFamilies,
  ...vitMaeFamilies,
  ...clipFamilies,
};

/**
 * `family`, all of whose fields must be known, and which counts tensors at the width that all have: another storage of
 * some is refused.
 */
const wholly =
  (type: string, family: Family): Family =>
  (f, options, name) => {
    if (f.has("quantization_config")) f.refuse("quantization_config", "absent (not counted for this family)");
    const model = family(f, options, name);
    refuseUnread(type, f, idleFields(type));
    return model;
  };

/** model_type -> model. */
export const encoderFamilies: Readonly<Record<string, Family>> = Object.fromEntries(
  Object.entries(families).map(([type, family]) => [type, wholly(type, family)]),
);
