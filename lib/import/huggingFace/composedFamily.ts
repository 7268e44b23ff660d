// A family of text and images: which part of a file is the tower, which the text, and what stands between.
import type { VisionPart } from "../../models/composed.js";
import type { Fields } from "./fields.js";
import { namesIn, refuseUnread } from "./unread.js";

/** What a family's own fields say; how its text and its tower are read is known by their types. */
export interface ComposedFamily {
  /** The `model_type` of the text, where its own record names none. */
  readonly textType: string;
  /** Whether the text's fields may stand at the top, beside the tower's record; default false. */
  readonly atTop?: boolean;
  /** Whether the output layer is the embedding; `own`: what the text's record says, or its class. */
  readonly tied: (f: Fields, own: boolean) => boolean;
  /** Tower and projector; `width` is the text's. */
  readonly vision: (f: Fields, width: number) => VisionPart;
}

/** What the whole's own fields are read for elsewhere. */
const ofTheWhole = namesIn("text_config vision_config quantization_config tie_word_embeddings");
/** What configurations of towers say of a text beside them, or of what no decoder runs. */
const ofATower = namesIn("vocab_size projection_dim model_type");

/** Refuses a field that nobody read and that may be a size: of the whole, or of its record `tower`. */
export function allRead(name: string, f: Fields, tower = false): void {
  refuseUnread(name, f, tower ? ofATower : ofTheWhole);
}

/** The record `name`, which must be there. */
export const recordOf = (f: Fields, name: string): Fields =>
  f.inner(name) ??
  f.refuse(name, name === "text_config" ? "an object" : "an object beside text_config, which can be counted alone");
