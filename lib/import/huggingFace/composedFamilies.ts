// The index of families of text and images, by their `model_type`.
import type { ComposedFamily } from "./composedFamily.js";
import { gemma4Families } from "./gemma4.js";
import { glmVisionFamilies } from "./glmVision.js";
import { internVlFamilies } from "./internVl.js";
import { kimiFamilies } from "./kimi.js";
import { llama4Families } from "./llama4.js";
import { llavaFamilies } from "./llava.js";
import { mistral3Families } from "./mistral3.js";
import { qwenVisionFamilies } from "./qwenVision.js";

/** model_type -> family. */
export const composedFamilies: Readonly<Record<string, ComposedFamily>> = {
  ...llavaFamilies,
  ...mistral3Families,
  ...internVlFamilies,
  ...gemma4Families,
  ...llama4Families,
  ...kimiFamilies,
  ...qwenVisionFamilies,
  ...glmVisionFamilies,
};
