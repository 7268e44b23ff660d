import { expect, it, vi } from "vitest";

vi.mock("onnxruntime-node", () => {
  throw new Error("not installed");
});

it("without ONNX Runtime one sentence says so and the rest works", async () => {
  const { nativeMissing, matmulNative, measurePoints, matmulWasm, matmulIjk } = await import("../../lib/index.js");
  const { nativeGraph } = await import("../../lib/kernels/onnx/session.js");
  const { nativeRoof } = await import("../../lib/measure/peaks.js");
  expect(await nativeMissing()).toBe(
    "Native kernels are left out: the optional package " +
      "onnxruntime-node is not installed (npm install onnxruntime-node).",
  );
  await expect(nativeGraph({ nodes: [], inputs: [], outputs: [] }, {})).rejects.toThrow(
    "nativeGraph: onnxruntime-node must be installed, got none",
  );
  await expect(async () => matmulNative.prepare({ m: 2, n: 2, k: 2 })).rejects.toThrow(
    "onnxruntime-node must be installed",
  );
  expect(await nativeRoof(1)).toBeUndefined();
  expect((await measurePoints({} as never)).missing).toMatch(/left out/);
  const shape = { m: 3, n: 5, k: 7 };
  expect(await matmulWasm.run(await matmulWasm.prepare(shape))).toEqual(
    await matmulIjk.run(await matmulIjk.prepare(shape)),
  );
});
