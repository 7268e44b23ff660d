// What a reader's device is: an id of the table, or figures typed in as JSON.
import { shown } from "../check.js";
import { device, type DeviceFigures } from "../devices.js";
import type { Device } from "../roofline.js";

const example = '{"name": "mine", "peakFlops": {"bf16": 1e14}, "bandwidth": 1e12, "memory": 24e9}';

/** The device that `asked` stands for. Throws in one line, as device() does, or because the text is no JSON. */
export const namedDevice = (who: string, asked: string): Device =>
  asked.trim().startsWith("{") ? typedDevice(who, asked.trim()) : device(asked);

/** The device whose figures `text` has. */
export function typedDevice(who: string, text: string): Device {
  return device(parsed(who, text));
}

function parsed(who: string, text: string): DeviceFigures {
  try {
    return JSON.parse(text) as DeviceFigures;
  } catch (error) {
    const must = `--device must be an id, a .json file or JSON such as ${example}`;
    throw new RangeError(`${who}: ${must}, got ${shown(text)}`, { cause: error });
  }
}
