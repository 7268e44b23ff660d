// NVIDIA's GPUs, in the order of the table: data centre, consumer, Jetson.
import { geForce } from "./nvidiaGeForce.js";
import { beforeHopper } from "./nvidiaBeforeHopper.js";
import { hopperAndBlackwell } from "./nvidiaHopper.js";
import { jetson } from "./nvidiaJetson.js";

export const nvidia = { ...beforeHopper, ...hopperAndBlackwell, ...geForce, ...jetson };
