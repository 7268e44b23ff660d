// What --device stands for: an id of the table, figures typed in as JSON, or a file that has them (such as
// `ridgepoint machine --json` prints).
import { readFile, stat } from "node:fs/promises";
import { shown } from "../check.js";
import { namedDevice, typedDevice } from "../explore/device.js";
import type { Device } from "../roofline.js";

/** A measured machine with its whole curve is below this. */
const maxBytes = 2 ** 22;

/** The device that `asked` stands for. Throws in one line, as device() does, or because the text is no JSON. */
export async function deviceOf(who: string, asked: string): Promise<Device> {
  const text = asked.trim();
  const isFile = !text.startsWith("{") && text.toLowerCase().endsWith(".json");
  return isFile ? typedDevice(who, await contents(who, text)) : namedDevice(who, asked);
}

async function contents(who: string, path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      throw new RangeError(`${who}: a device's file must be at most ${maxBytes} bytes, got ${size} in ${shown(path)}`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new RangeError(`${who}: --device must be a file that can be read, got ${shown(path)} (${code})`, {
      cause: error,
    });
  }
}
