// Programs as they stand in a page: minified, deflated and in base64.
import { deflateAsync } from "@gfx/zopfli";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { minify } from "vite";

/** `code` once more minified: esbuild bundles well, and oxc then finds 3 % more. */
export async function minified(code, module) {
  const options = { module, compress: { target: "es2022" }, mangle: { toplevel: true } };
  const { code: shorter, errors } = await minify("page.js", code, options);
  if (errors.length) throw new Error(`page/build: a program must be minified, got ${errors[0].message}`);
  return shorter.trim();
}

/** `text` packed. What `file` holds is kept where it is the same text: packing this densely takes seconds. */
export async function packed(text, file) {
  const before = read(file);
  if (before !== undefined && unpacked(before) === text) return before;
  return Buffer.from(await deflateAsync(text, { numiterations: 5 })).toString("base64");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function unpacked(base64) {
  try {
    return inflateRawSync(Buffer.from(base64, "base64")).toString("utf8");
  } catch {
    return undefined; // cut short
  }
}
