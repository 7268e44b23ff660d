// What --device stands for: an id of the table, figures typed in as JSON, or a file that has them (such as
// `ridgepoint machine --json` prints).
import { readFile, stat } from "node:fs/promises";
import { shown } from "../check.js";
import { device, type DeviceFigures } from "../devices.js";
import type { Device } from "../roofline.js";

const example = '{"name": "mine", "peakFlops": {"bf16": 1e14}, "bandwidth": 1e12, "memory": 24e9}';
/** A measured machine with its whole curve is below this. */
const maxBytes = 2 ** 22;

/** The device that `asked` stands for. Throws in one line, as device() does, or because the text is no JSON. */
export async function deviceOf(who: string, asked: string): Promise<Device> {
  const text = asked.trim();
  if (text.startsWith("{")) return device(parsed(who, text));
  if (text.toLowerCase().endsWith(".json")) return device(parsed(who, await contents(who, text)));
  return device(asked);
}

function parsed(who: string, text: string): DeviceFigures {
  try {
    return JSON.parse(text) as DeviceFigures;
  } catch (error) {
    throw new RangeError(
      `${who}: --device must be an id, a .json file or JSON such as ${example}, got ${shown(text)}`,
      {
        cause: error,
      },
    );
  }
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
