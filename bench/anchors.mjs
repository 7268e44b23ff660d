// The C anchors as functions: compiled with the reader's compiler, loaded by koffi. Absent compiler or koffi: `undefined`, and the reason.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("anchors/anchors.c", import.meta.url));
const signatures = [
  "float read128(void*, double, double)", "float read256(void*, double, double)", "void copy128(void*, void*, double, double)", "void copy256(void*, void*, double, double)",
  "void triad128(void*, void*, void*, double, double)", "void triad256(void*, void*, void*, double, double)",
  "float fma128(double, float, float)", "float fma256(double, float, float)", "float muladd128(double, float, float)", "void fma256_threads(double, int)",
  "uint32_t chase(void*, double, double)", "float strided(void*, double, double, double)",
];

/** `{ c, blas }` with the anchors by name and whether OpenBLAS is among them (`c.sgemm`), or `{ missing }` with a sentence. */
export async function anchors() {
  let koffi;
  try { koffi = (await import("koffi")).default; } catch { return { missing: "The C anchors are left out: koffi is not installed (npm install)." }; }
  const folder = mkdtempSync(join(tmpdir(), "anchors-")), library = join(folder, "anchors.so");
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const build = (compiler, more) => { try { execFileSync(compiler, ["-O3", "-march=native", "-shared", "-fPIC", "-pthread", ...more, "-o", library, source, ...(more.length ? ["-lopenblas"] : [])], { stdio: "pipe" }); return true; } catch { return false; } };
  const compilers = [process.env.CC, "cc", "gcc", "clang"].filter(Boolean);
  const blas = compilers.some((compiler) => build(compiler, ["-DBLAS"]));
  if (!blas && !compilers.some((compiler) => build(compiler, []))) return { missing: "The C anchors are left out: no C compiler was found (cc, gcc or clang)." };
  const loaded = koffi.load(library), c = {};
  for (const signature of [...signatures, ...(blas ? ["void sgemm(void*, void*, void*, int, int, int, int)"] : [])]) c[/(\w+)\(/.exec(signature)[1]] = loaded.func(signature);
  return { c, blas };
}
