// The device table: every figure dense, in SI base units, with its source; a doubt is a field, not a footnote. Rows:
// devices/.
import { shown } from "./check.js";
import { accelerators } from "./devices/accelerators.js";
import { amd } from "./devices/amd.js";
import { apple } from "./devices/apple.js";
import { cpu } from "./devices/cpu.js";
import { google } from "./devices/google.js";
import { nvidia } from "./devices/nvidia.js";
import { describe, type DeviceRow } from "./devices/row.js";
import { ownDevice, type DeviceFigures } from "./devices/own.js";
import { nameFinder, plainName } from "./lookUp.js";
import type { Device } from "./roofline.js";

export type { DeviceFigures } from "./devices/own.js";
export { measuredAnchors, type MeasuredAnchor } from "./devices/anchors.js";

const rows: Record<string, DeviceRow> = { ...nvidia, ...amd, ...google, ...accelerators, ...apple, ...cpu };

/** All devices by id: "h100-sxm", "a100-80-sxm", "rtx4090", … */
export const devices: Readonly<Record<string, Device>> = Object.fromEntries(
  Object.entries(rows).map(([id, row]) => [id, describe(id, row)]),
);

const findId = nameFinder(Object.keys(devices), {
  "rtx-a6000": "a6000",
  "rtx-6000-ada": "rtx6000-ada",
  "rtx-4060-ti": "rtx4060ti-16",
  "rtx-5060-ti": "rtx5060ti-16",
  gb10: "dgx-spark",
  ironwood: "tpu-v7",
  tpu7x: "tpu-v7",
  trn2: "trainium2",
});

/** The devices of which an id or a name has `word` in it; case and separators do not matter. */
export function devicesNamed(word: string): Device[] {
  const asked = plainName(word);
  return Object.values(devices).filter(({ id, name }) => [id, name].some((text) => plainName(text).includes(asked)));
}

/**
 * The device of that id; case and separators do not matter. Of an object with `name`, `peakFlops` (FLOP/s by dtype,
 * dense) and `bandwidth` (byte/s), perhaps `memory` (bytes) and more, the device that has these figures: one's own,
 * or what `ridgepoint machine --json` printed. Throws a RangeError that lists the ids, or names the key.
 */
export function device(asked: string | DeviceFigures): Device {
  if (typeof asked === "object" && asked !== null) return ownDevice(asked);
  const id = findId(asked);
  if (id !== undefined) return devices[id]!;
  const alike = typeof asked === "string" && plainName(asked) !== "" ? devicesNamed(asked).map((d) => d.id) : [];
  const listed = alike.length > 0 ? alike : Object.keys(devices);
  throw new RangeError(`device: id must be one of ${listed.join(", ")}, got ${shown(asked)}`);
}
