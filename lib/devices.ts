// The device table: every figure dense, in SI base units, with its source; a doubt is a field, not a footnote. Rows:
// devices/.
import { lookUp } from "./check.js";
import { amd } from "./devices/amd.js";
import { apple } from "./devices/apple.js";
import { cpu } from "./devices/cpu.js";
import { google } from "./devices/google.js";
import { nvidia } from "./devices/nvidia.js";
import { describe, type DeviceRow } from "./devices/row.js";
import { nameFinder } from "./lookUp.js";
import type { Device } from "./roofline.js";

export { measuredAnchors, type MeasuredAnchor } from "./devices/anchors.js";

const rows: Record<string, DeviceRow> = { ...nvidia, ...amd, ...google, ...apple, ...cpu };

/** All devices by id: "h100-sxm", "a100-80-sxm", "rtx4090", … */
export const devices: Readonly<Record<string, Device>> = Object.fromEntries(
  Object.entries(rows).map(([id, row]) => [id, describe(id, row)]),
);

const findId = nameFinder(Object.keys(devices));

/** The device of that id; case and separators do not matter. Throws a RangeError that lists the known ids. */
export function device(id: string): Device {
  return lookUp("device", "id", devices, findId(id) ?? id, "ridgepoint devices lists them");
}
