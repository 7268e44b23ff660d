// The index of families of text and images, by their `model_type`.
import type { ComposedFamily } from "./composedFamily.js";
import { llavaFamilies } from "./llava.js";

/** model_type -> family. */
export const composedFamilies: Readonly<Record<string, ComposedFamily>> = { ...llavaFamilies };
