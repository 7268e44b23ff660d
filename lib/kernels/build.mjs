// Compiles the AssemblyScript kernels into wasm/dist/modules.ts, which holds the modules as text, so that a page's
// bundle holds them too, and lays what is no TypeScript (the recorded runs) beside the built library. Runs before tsc
// (`npm run build`). Compiles nothing when no source has changed.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wasm = join(here, "wasm");
/** Written last: what the modules were compiled from. */
const stamp = join(wasm, ".sources");
/** TypeScript of the compiled modules. */
const made = join(wasm, "dist", "modules.ts");
const modules = { plain: ["simd", "threads"], relaxed: ["simd", "threads", "relaxed-simd"] };
const sources = readdirSync(wasm)
  .filter((name) => name.endsWith(".as.ts"))
  .sort();
const digest = createHash("sha256");
for (const path of [...sources.map((name) => join(wasm, name)), fileURLToPath(import.meta.url)])
  digest.update(readFileSync(path));
const wanted = digest.digest("hex");

if (![stamp, made].every(existsSync) || readFileSync(stamp, "utf8") !== wanted) {
  rmSync(stamp, { force: true });
  const lines = ["// WebAssembly modules in base64, compiled by ../../build.mjs."];
  for (const [name, features] of Object.entries(modules))
    lines.push(`export const ${name}: string = "${Buffer.from(await compile(features)).toString("base64")}";`);
  mkdirSync(join(wasm, "dist"), { recursive: true });
  place(made, `${lines.join("\n")}\n`);
  place(stamp, wanted);
}

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
