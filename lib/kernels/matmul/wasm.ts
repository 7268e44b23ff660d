// Matmul in WebAssembly SIMD with packed panels and a register kernel of 4 by 8, on one thread and on several.
import { matmul, type MatmulShape } from "../../ops/index.js";
import { fill } from "../fill.js";
import type { Kernel } from "../kernel.js";
import { cores, pool, share, type Pool } from "../pool.js";
import { workspace, workspaceBytes, type Floats } from "../wasm/workspace.js";
import { matmulSizes } from "./sizes.js";

const depthBlock = 256;
const rowBlock = 240;

interface Arrays {
  c: Floats;
  m: number;
  threads: Pool;
  run(): void;
}

const variant = (name: string, threadCount: () => number): Kernel<MatmulShape, Arrays> => ({
  name,
  engine: "wasm",
  stream: "triad",
  get threads() {
    return threadCount();
  },
  op: (shape) => matmul(shape),
  async prepare(shape) {
    const { m, n, k } = matmulSizes(name, shape);
    const threads = threadCount();
    const sizes = [
      m * k,
      k * n,
      m * n,
      ...Array.from({ length: threads }, () => [rowBlock * depthBlock, depthBlock * Math.ceil(n / 8) * 8, 32]).flat(),
    ];
    const space = workspace(workspaceBytes(...sizes));
    const [a, b, c, ...scratch] = sizes.map((size) => space.floats(size)) as [Floats, Floats, Floats, ...Floats[]];
    fill(a.values, 1);
    fill(b.values, 2);
    const workers = await pool(space, { threads });
    return {
      c,
      m,
      threads: workers,
      run: () =>
        void workers.run("matmul", (thread) => {
          const { begin, end } = share(m, threads, thread, 4);
          const [packA, packB, tile] = scratch.slice(thread * 3) as [Floats, Floats, Floats];
          return [c.at, a.at, b.at, begin, end, n, k, packA.at, packB.at, tile.at, depthBlock, rowBlock, 0];
        }),
    };
  },
  run: ({ run, c }) => {
    run();
    return c.values;
  },
  release: ({ threads }) => threads.close(),
});

/** WebAssembly SIMD, one thread. */
export const matmulWasm: Kernel<MatmulShape> = variant("matmul/wasm", () => 1);

/** The same on all cores, each with its share of the rows. */
export const matmulThreads: Kernel<MatmulShape> = variant("matmul/wasm-threads", cores);
