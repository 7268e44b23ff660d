// The emitted declarations, as a strict consumer reads them: under the TypeScript of tslab, without a DOM, without
// Node's types, and with no check skipped.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const built = existsSync(join(root, "lib/dist/index.d.ts"));

const consumer = `
import {
  cost,
  countAs,
  device,
  einsum,
  estimate,
  fromHuggingFace,
  linear,
  model,
  modelCost,
  predict,
  type Cost,
  type Model,
  type Op,
} from "ridgepoint";
const op: Op = linear({ tokens: 2, inFeatures: 3, outFeatures: 4, dtype: "bf16" });
const c: Cost = cost(op);
const m: Model = model("resnet50", { imageSize: 224 });
export const n: number = modelCost(m).macs;
export const shape: readonly number[] | undefined = op.outputs[0]?.shape;
export const a = einsum("ij,jk->ik", [[1, 2], [2, 3]], { dtype: "bf16" });
export const b = einsum("ij,jk->ik", { i: 1, j: 2, k: 3 });
export const value: number | null = countAs("FlopCounterMode", m).value;
export const bound: "compute" | "memory" = estimate(c, device("h100-sxm"), "bf16").bound;
export const [low, high]: readonly [number, number] = predict(op, device("h100-sxm"), "bf16").interval;
export const h: Model = fromHuggingFace({ model_type: "llama" }, { phase: "decode", context: 4 });
// @ts-expect-error a misspelt size
linear({ tokens: 2, inFeatures: 3, outFeature: 4 });
export const ops: number = estimate(m, device("h100-sxm"), "bf16").ops.length;
// @ts-expect-error an op alone has no ops
estimate(op, device("h100-sxm"), "bf16").ops;
// @ts-expect-error a list of ops is no work
estimate([op], device("h100-sxm"), "bf16");
`;

it.skipIf(!built).each([
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
])(
  `the declarations satisfy TypeScript 5.0 with module %s (skipped when lib/dist is not built)`,
  (module, moduleResolution) => {
    const folder = mkdtempSync(join(tmpdir(), "ridgepoint-types-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "consumer.ts"), consumer);
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: {
            strict: true,
            noUncheckedIndexedAccess: true,
            exactOptionalPropertyTypes: true,
            noEmit: true,
            skipLibCheck: false,
            lib: ["es2022"],
            types: [],
            target: "es2022",
            module,
            moduleResolution,
          },
          files: ["consumer.ts"],
        }),
      );
      const fromTslab = createRequire(join(root, "node_modules/tslab/package.json"));
      const tsc = fromTslab.resolve("@tslab/typescript-for-tslab/lib/tsc.js");
      const run = (...args: string[]) => spawnSync(process.execPath, [tsc, ...args], { cwd: folder, encoding: "utf8" });
      expect(run("--version").stdout).toMatch(/^Version 5\.0\./);
      expect(run("-p", folder).stdout).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
