// Decoder-only language models by name: data only, merged into the registry.
import type { ModelFactory } from "./workload.js";

export const decoderModels: Readonly<Record<string, ModelFactory>> = {};
