// The index of decoder families, by their `model_type`.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { behindDenseFamilies } from "./behindDense.js";
import { biasedFamilies } from "./biased.js";
import { classics } from "./classic.js";
import { deepSeeks } from "./deepSeek.js";
import { deepSeekV4s } from "./deepSeekV4.js";
import { expertFamilies } from "./experts.js";
import { readFamily, type Family } from "./family.js";
import type { Fields } from "./fields.js";
import { gemmas } from "./gemma.js";
import { newerGemmas } from "./gemmaNewer.js";
import { gpts } from "./gpt.js";
import { indexedFamilies } from "./indexed.js";
import { llamas } from "./llamas.js";
import { qwens } from "./qwen.js";
import { recents } from "./recent.js";
import { recentExperts } from "./recentExperts.js";
import { unequals } from "./unequal.js";

/** model_type -> family. */
export const decoderFamilies: Readonly<Record<string, Family>> = {
  ...llamas,
  ...qwens,
  ...gemmas,
  ...newerGemmas,
  ...deepSeeks,
  ...deepSeekV4s,
  ...indexedFamilies,
  ...behindDenseFamilies,
  ...expertFamilies,
  ...gpts,
  ...classics,
  ...biasedFamilies,
  ...unequals,
  ...recents,
  ...recentExperts,
};

/** `family`'s reading of `fields`, or an error that names the field. */
export const decoderConfigOf = (family: string, fields: Fields): DecoderConfig =>
  readFamily(family, decoderFamilies[family]!, fields);
