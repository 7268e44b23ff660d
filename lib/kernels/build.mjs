// Compiles the AssemblyScript kernels into wasm/modules.ts, as text that a module can hold, and lays what is no
// TypeScript (the worker, the recorded runs) beside the built library. Runs before tsc (`npm run build`). Does nothing
// when no source has changed.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wasm = join(here, "wasm");
const target = join(wasm, "modules.ts");
const sources = readdirSync(wasm)
  .filter((name) => name.endsWith(".as.ts"))
  .sort();
const digest = createHash("sha256");
for (const path of [...sources.map((name) => join(wasm, name)), fileURLToPath(import.meta.url)])
  digest.update(readFileSync(path));
const stamp = `// sources ${digest.digest("hex").slice(0, 16)}`;

if (!existsSync(target) || !readFileSync(target, "utf8").includes(stamp)) {
  const plain = await compile(["simd", "threads"]);
  const relaxed = await compile(["simd", "threads", "relaxed-simd"]);
  const text = [
    "// Written by ../build.mjs from the .as.ts files beside it; not kept in git.",
    stamp,
    `export const plain = "${plain}";`,
    `export const relaxed = "${relaxed}";`,
    "",
  ].join("\n");
  writeFileSync(`${target}.tmp`, text);
  renameSync(`${target}.tmp`, target);
}

const dist = join(here, "..", "dist", "kernels");
mkdirSync(dist, { recursive: true });
copyFileSync(join(here, "worker.mjs"), join(dist, "worker.mjs"));
const records = join("lesson", "records");
rmSync(join(here, "..", "dist", records), { recursive: true, force: true });
cpSync(join(here, "..", records), join(here, "..", "dist", records), { recursive: true });

/** The module as base64. */
async function compile(features) {
  const { default: asc } = await import("assemblyscript/asc");
  let binary;
  const { error, stderr } = await asc.main(
    [
      "index.as.ts",
      "--outFile",
      "kernels.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--sharedMemory",
      "--initialMemory",
      "1",
      "--maximumMemory",
      "65536",
      ...features.flatMap((name) => ["--enable", name]),
    ],
    {
      readFile: (name) => (existsSync(join(wasm, name)) ? readFileSync(join(wasm, name), "utf8") : null),
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
      listFiles: () => sources,
    },
  );
  if (error || !binary)
    throw new Error(`kernels: AssemblyScript must compile, got ${error?.message ?? ""}\n${stderr.toString()}`);
  return Buffer.from(binary).toString("base64");
}
