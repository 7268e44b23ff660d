// NVIDIA's GPUs, in the order of the table: data centre, workstation, consumer, Jetson and Spark.
import { geForce30 } from "./nvidiaGeForce30.js";
import { geForce40 } from "./nvidiaGeForce40.js";
import { geForce50 } from "./nvidiaGeForce50.js";
import { beforeHopper } from "./nvidiaBeforeHopper.js";
import { hopperAndBlackwell } from "./nvidiaHopper.js";
import { jetsonAndSpark } from "./nvidiaJetson.js";
import { workstation } from "./nvidiaWorkstation.js";

export const nvidia = {
  ...beforeHopper,
  ...hopperAndBlackwell,
  ...workstation,
  ...geForce30,
  ...geForce40,
  ...geForce50,
  ...jetsonAndSpark,
};
