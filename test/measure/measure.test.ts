import { describe, expect, it } from "vitest";
import { compareKernels, matmulIjk, matmulIkj, matmulPacked, matmulWasm, measure, streams } from "../../lib/index.js";

describe("measure(kernel, shape) and compareKernels(kernels, shape)", () => {
  it("give the time beside the cost of the op", async () => {
    const m = await measure(streams[0]!, { elements: 4096 }, { rounds: 3, sampleSeconds: 1e-4, warmUpSeconds: 0.02 });
    expect(m).toMatchObject({
      kernel: "read/wasm",
      engine: "wasm",
      threads: 1,
      cost: { bytesRead: 16384, bytesWritten: 0 },
    });
    expect(m.samples.length).toBeGreaterThan(0);
    expect(m.seconds).toBeGreaterThan(0);
    expect(m.bytesPerSecond).toBeCloseTo(16384 / m.seconds, 3);
  });
  it("check that every kernel gives the same result", async () => {
    const shape = { m: 33, n: 35, k: 37 };
    const options = { rounds: 3, sampleSeconds: 1e-4, warmUpSeconds: 0.01 };
    const { measurements, rows } = await compareKernels(
      [matmulIjk, matmulIkj, matmulPacked, matmulWasm],
      shape,
      options,
    );
    expect(measurements.map((m) => m.cost.macs)).toEqual(Array(4).fill(33 * 35 * 37));
    expect(rows.map((row) => row.name)).toEqual(["matmul/ijk", "matmul/ikj", "matmul/packed", "matmul/wasm"]);
    const wrong = {
      ...matmulIkj,
      name: "matmul/wrong",
      run: (args: never) => {
        const c = (matmulIkj.run(args) as Float32Array).slice();
        c[5]! += 1;
        return c;
      },
    };
    await expect(compareKernels([matmulIjk, wrong], shape, options)).rejects.toThrow(
      "compare: matmul/wrong must give what matmul/ijk gives",
    );
  });
});
