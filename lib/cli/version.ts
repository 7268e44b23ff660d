// The version of the package that this file was built into.
import { readFileSync } from "node:fs";

/** As lib/package.json has it; the file stands beside the built folder, and beside cli.ts in the sources. */
export function version(): string {
  for (const place of ["../package.json", "../../package.json"]) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (name === "ridgepoint" && found) return found;
    } catch {
      /* the other place */
    }
  }
  throw new RangeError("--version must find the package.json of the library, got none");
}
