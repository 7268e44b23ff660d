import { describe, expect, it } from "vitest";
import { pool } from "../../lib/kernels/pool.js";
import { runStream } from "../../lib/kernels/streams.js";
import { workspace, workspaceBytes } from "../../lib/kernels/wasm/workspace.js";
import { filled } from "../../lib/kernels/fill.js";

describe("copyLines, triadLines, updateLines", () => {
  /** Runs a walk over fresh arrays of n values; what it wrote, and what the whole stream would have written. */
  async function walked(kind: "copyLines" | "triadLines" | "updateLines", elements: number, threads: number) {
    const space = workspace(workspaceBytes(elements, elements, elements));
    const [x, y, z] = [space.floats(elements), space.floats(elements), space.floats(elements)];
    x.values.set(filled(elements, 1));
    y.values.set(filled(elements, 2));
    const before = { copyLines: y, triadLines: z, updateLines: x }[kind].values.slice();
    const whole = {
      copyLines: x.values.slice(),
      triadLines: x.values.map((v, i) => v + 3 * y.values[i]!),
      updateLines: x.values.map((v) => -v),
    }[kind];
    const workers = await pool(space, { threads });
    const written = (runStream(kind, workers, { x, y, z, elements }) as Float32Array).slice();
    workers.close();
    return { before, whole, written };
  }

  it.each([["copyLines"], ["triadLines"], ["updateLines"]] as const)(
    "%s touches every line: its first four values are the stream's, the other twelve stay",
    async (kind) => {
      for (const [elements, threads] of [
        [128, 1],
        [1280, 1],
        [4096, 3],
        [128 * 77, 2],
      ] as const) {
        const { before, whole, written } = await walked(kind, elements, threads);
        expect(written, `${elements} on ${threads}`).toEqual(
          whole.map((value, i) => (i % 16 < 4 ? value : before[i]!)),
        );
      }
    },
  );
});
