import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { nativeMissing } from "../../lib/kernels/index.js";

const missing = await nativeMissing();
const library = pathToFileURL(
  join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "lib", "dist", "kernels", "onnx", "session.js"),
).href;

test.skipIf(missing)(
  `the native runtime leaves nothing in the reader's home folder${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "ridgepoint-home-"));
    try {
      const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home };
      const graph = {
        nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
        inputs: [{ name: "x", shape: [2] }],
        outputs: [{ name: "y", shape: [2] }],
      };
      const program = `import { nativeGraph } from ${JSON.stringify(library)};
const session = await nativeGraph(${JSON.stringify(graph)}, { x: new Float32Array([-1, 2]) });
console.log(String(await session.run()));
await session.release();`;
      const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
        env,
        encoding: "utf8",
      });
      expect([stdout, stderr]).toEqual(["0,2\n", ""]);
      expect(readdirSync(home, { recursive: true })).toEqual([]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);
