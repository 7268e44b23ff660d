import { describe, expect, it } from "vitest";
import { cost, linesWasm, peakJavascript, peakWasm, streams } from "../../lib/index.js";
import { pool, share } from "../../lib/kernels/pool.js";
import { runStream, streamArrays } from "../../lib/kernels/streams.js";
import { workspace, workspaceBytes } from "../../lib/kernels/wasm/workspace.js";
import { filled } from "../../lib/kernels/fill.js";

const sizes = [1, 2, 3, 4, 5, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 129, 1023, 1025, 4099];

describe("a stream in WebAssembly equals the same stream in JavaScript on odd sizes", () => {
  for (const kernel of streams.filter((k) => k.engine === "wasm")) {
    const reference = streams.find((k) => k.engine === "javascript" && k.stream === kernel.stream)!;
    it(kernel.name, async () => {
      for (const elements of sizes)
        for (const threads of elements < 1023 && elements !== 33 ? [1] : [1, 3]) {
          const ours = await kernel.prepare({ elements, threads });
          const theirs = await reference.prepare({ elements });
          expect(await kernel.run(ours), `${elements} on ${threads}`).toEqual(await reference.run(theirs));
          await kernel.release?.(ours);
        }
    });
  }
});

describe("streams", () => {
  it("compute what their names say", async () => {
    const x = filled(33, 1);
    const y = filled(33, 2);
    for (const kernel of streams) {
      const args = await kernel.prepare({ elements: 33 });
      const result = await kernel.run(args);
      const expected = {
        read: x.reduce((s, v) => s + v, 0),
        copy: x,
        triad: x.map((v, i) => v + 3 * y[i]!),
        update: x.map((v) => -v),
      }[kernel.stream as "read"];
      expect(result, kernel.name).toEqual(expected);
      await kernel.release?.(args);
    }
  });
  it("copy and add up the same straight on as in four fronts", async () => {
    for (const [elements, threads] of [
      [33, 1],
      [129, 1],
      [4099, 3],
    ] as const) {
      const space = workspace(workspaceBytes(elements, elements, elements));
      const workers = await pool(space, { threads });
      const x = space.floats(elements);
      const y = space.floats(elements);
      const z = space.floats(elements);
      x.values.set(filled(elements, 1));
      for (const straight of [false, true]) {
        y.values.fill(-1);
        z.values.fill(-1);
        expect(
          runStream("copy", workers, { x, y, z, elements, passes: 2, straight }),
          `${elements} on ${threads}`,
        ).toEqual(x.values);
        expect(
          runStream("triad", workers, { x, y, z, elements, passes: 2, straight }),
          `${elements} on ${threads}`,
        ).toEqual(x.values.map((v, i) => v + 3 * y.values[i]!));
      }
      workers.close();
    }
  });
  it("count bytes as STREAM does: copy 2 arrays, triad 3", () => {
    for (const kernel of streams) {
      const { bytesRead, bytesWritten } = cost(kernel.op({ elements: 1000 }));
      expect(bytesRead + bytesWritten).toBe(kernel.stream === "update" ? 8000 : 4000 * streamArrays[kernel.stream]);
    }
  });
  it("refuse a size that is no positive integer", async () => {
    await expect(async () => streams[0]!.prepare({ elements: 0 })).rejects.toThrow(
      "read/wasm: elements must be a positive integer, got 0",
    );
  });
});

describe("lines", () => {
  it("visits every line once and sums the first four of every sixteen values", async () => {
    for (const [elements, threads] of [
      [128, 1],
      [1280, 1],
      [4096, 3],
      [128 * 77, 2],
    ] as const) {
      const space = workspace(workspaceBytes(elements));
      const x = space.floats(elements);
      const workers = await pool(space, { threads });
      x.values.set(filled(elements, 1).map((v) => Math.round(8 * v))); // whole numbers: their sum is exact in any order
      expect(runStream("lines", workers, { x, y: x, z: x, elements, passes: 3 }), `${elements} on ${threads}`).toBe(
        x.values.reduce((sum, v, i) => sum + (i % 16 < 4 ? v : 0), 0),
      );
      workers.close();
    }
  });
  it("is a kernel whose op is that of a read, in multiples of 128 values", async () => {
    expect(linesWasm).toMatchObject({ name: "lines/wasm", engine: "wasm", stream: "lines" });
    expect(cost(linesWasm.op({ elements: 1280 })).bytesRead).toBe(5120);
    const args = await linesWasm.prepare({ elements: 1280 });
    expect(await linesWasm.run(args)).toBe(filled(1280, 1).reduce((sum, v, i) => sum + (i % 16 < 4 ? v : 0), 0));
    await expect(async () => linesWasm.prepare({ elements: 100 })).rejects.toThrow(
      "lines/wasm: elements must be a multiple of 128, got 100",
    );
  });
});

describe("passes in place", () => {
  const space = workspace(workspaceBytes(...Array.from({ length: 20 }, () => 480)));
  const put = (elements: number) => {
    const x = space.floats(elements);
    x.values.set(filled(elements, 1).map((v) => Math.round(8 * v) - 4)); // whole numbers: exact whichever way
    return { ...x, before: x.values.slice() };
  };
  it("multiplyAdds does so many multiply-adds on every element", () => {
    for (const elements of [48, 96, 480])
      for (const steps of [1, 2, 5]) {
        const { at, values, before } = put(elements);
        space.kernels.multiplyAdds(at, elements, steps, 2, 1);
        const expected = before.map((v) => Array.from({ length: steps }).reduce<number>((x) => 2 * x + 1, v));
        expect(values, `${elements}, ${steps} times`).toEqual(expected);
      }
  });
  it("scale, addBias and rectify, one after another, give what scaleBiasRelu gives at once", () => {
    for (const elements of [32, 64, 480]) {
      const [three, one] = [put(elements), put(elements)];
      space.kernels.scale(three.at, elements, 3);
      expect(three.values).toEqual(three.before.map((v) => 3 * v));
      space.kernels.addBias(three.at, elements, -2);
      expect(three.values).toEqual(three.before.map((v) => 3 * v - 2));
      space.kernels.rectify(three.at, elements, 0);
      expect(three.values).toEqual(three.before.map((v) => Math.max(3 * v - 2, 0)));
      space.kernels.scaleBiasRelu(one.at, elements, 3, -2, 0);
      expect(one.values).toEqual(three.values);
    }
  });
});

describe("share(n, threads, thread, grain)", () => {
  it("cuts n into parts that meet, the last one taking the rest", () => {
    for (const n of [1, 5, 64, 1000, 1025])
      for (const threads of [1, 2, 3, 8])
        for (const grain of [1, 4, 1024]) {
          let at = 0;
          for (let t = 0; t < threads; t++) {
            const { begin, end } = share(n, threads, t, grain);
            expect(begin).toBe(at);
            expect(end).toBeGreaterThanOrEqual(begin);
            at = end;
          }
          expect(at).toBe(n);
        }
  });
});

describe("chains of multiply-adds", () => {
  it("tend to the fixed point of a·x + y, so that no step overflows or becomes denormal", async () => {
    for (const [kernel, lanes] of [
      [peakWasm, 48],
      [peakJavascript, 8],
    ] as const) {
      const args = await kernel.prepare({ steps: 20000 });
      expect(await kernel.run(args), kernel.name).toBeCloseTo(lanes, 1);
      await kernel.release?.(args);
      expect(cost(kernel.op({ steps: 10 })).flops).toBe(20 * lanes);
    }
  });
});
