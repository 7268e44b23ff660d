// Compiles the AssemblyScript kernels into wasm/*.wasm, and lays what is no TypeScript (the modules, the worker, the
// recorded runs) beside the built library. Runs before tsc (`npm run build`). Compiles nothing when no source has
// changed.
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
/** Written last: what the modules were compiled from. */
const stamp = join(wasm, ".sources");
const modules = {
  "plain.wasm": ["simd", "threads"],
  "relaxed.wasm": ["simd", "threads", "relaxed-simd"],
};
const sources = readdirSync(wasm)
  .filter((name) => name.endsWith(".as.ts"))
  .sort();
const digest = createHash("sha256");
for (const path of [...sources.map((name) => join(wasm, name)), fileURLToPath(import.meta.url)])
  digest.update(readFileSync(path));
const wanted = digest.digest("hex");

const whole = [stamp, ...Object.keys(modules).map((name) => join(wasm, name))].every(existsSync);
if (!whole || readFileSync(stamp, "utf8") !== wanted) {
  rmSync(stamp, { force: true });
  for (const [name, features] of Object.entries(modules)) place(join(wasm, name), await compile(features));
  place(stamp, wanted);
}

const dist = join(here, "..", "dist", "kernels");
mkdirSync(join(dist, "wasm"), { recursive: true });
copyFileSync(join(here, "worker.mjs"), join(dist, "worker.mjs"));
for (const name of Object.keys(modules)) copyFileSync(join(wasm, name), join(dist, "wasm", name));
const records = join("lesson", "records");
rmSync(join(here, "..", "dist", records), { recursive: true, force: true });
cpSync(join(here, "..", records), join(here, "..", "dist", records), { recursive: true });

/** Whole or not at all. */
function place(path, contents) {
  writeFileSync(`${path}.tmp`, contents);
  renameSync(`${path}.tmp`, path);
}

/** The bytes of the module. */
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
  return binary;
}
