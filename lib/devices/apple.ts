// Apple's GPUs and neural engines, in the order of the table.
import { m1AndM2 } from "./appleM1M2.js";
import { m3AndM4 } from "./appleM3M4.js";
import { m5 } from "./appleM5.js";
import { neuralEngines } from "./appleNeural.js";

export const apple = { ...m1AndM2, ...m3AndM4, ...m5, ...neuralEngines };
