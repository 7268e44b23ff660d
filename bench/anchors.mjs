// The C anchors as functions: compiled with the reader's compiler, loaded by koffi. Absent compiler or koffi:
// `undefined`, and the reason.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("anchors/anchors.c", import.meta.url));
const signatures = [
  "float muladd128(double, float, float)",
  "void fma_threads(int, double, int)",
  "uint32_t chase(void*, double, double)",
  "float strided(void*, double, double, double)",
];
const signaturesAt = (bits) => [
  `float read${bits}(void*, double, double)`,
  `void copy${bits}(void*, void*, double, double)`,
  `void triad${bits}(void*, void*, void*, double, double)`,
  `void update${bits}(void*, double, float, double)`,
  `float fma${bits}(double, float, float)`,
];
const signaturesBlas = ["void sgemm(void*, void*, void*, int, int, int, int)", "const char *blas_core()"];

/**
 * `{ c, widths, blas }`: the anchors by name, the vector widths in bits that run on this processor, and the processor
 * whose kernels OpenBLAS chose if it is among them (`c.sgemm`); or `{ missing }` with a sentence.
 */
export async function anchors() {
  let koffi;
  try {
    koffi = (await import("koffi")).default;
  } catch {
    return { missing: "The C anchors are left out: koffi is not installed (npm install)." };
  }
  const folder = mkdtempSync(join(tmpdir(), "anchors-"));
  const library = join(folder, "anchors.so");
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const build = (compiler, flags, libraries) => {
    try {
      execFileSync(compiler, ["-O3", "-shared", "-fPIC", "-pthread", ...flags, "-o", library, source, ...libraries], {
        stdio: "pipe",
      });
      return true;
    } catch {
      return false;
    }
  };
  // Some compilers do not know -march=native.
  const compilers = [process.env.CC, "cc", "gcc", "clang"].filter(Boolean).flatMap((compiler) => [
    [compiler, ["-march=native"]],
    [compiler, []],
  ]);
  const linked = compilers.some(([compiler, flags]) => build(compiler, ["-DBLAS", ...flags], ["-lopenblas"]));
  if (!linked && !compilers.some(([compiler, flags]) => build(compiler, flags, [])))
    return { missing: "The C anchors are left out: no C compiler could build them (cc, gcc or clang)." };
  const loaded = koffi.load(library);
  const c = {};
  const add = (signature) => {
    c[/(\w+)\(/.exec(signature)[1]] = loaded.func(signature);
  };
  const widths = [128, 256, 512].filter((bits) => bits <= loaded.func("int widest()")());
  [...signatures, ...widths.flatMap(signaturesAt)].forEach(add);
  if (linked) signaturesBlas.forEach(add);
  return { c, widths, blas: linked ? c.blas_core() : undefined };
}
