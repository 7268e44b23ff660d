// Bundles what pages run, into page/dist. Of a lecture's: boot.js, which runs at once, and lecture.txt, worker.txt,
// measuring.txt and machine.txt, which stand in the page as text, packed (deflate, in base64), until they are used. Of
// explore.html: explore.js and its worker, explore.txt. What an export needs: charts.css, the
// colours of charts, and narrow.mjs, which draws them for a phone. After the library's own build, of which the names
// and their lines are read.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";
import { libraryNames } from "./names.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const dist = join(folder, "..", "lib", "dist");
const at = (file) => pathToFileURL(join(dist, file)).href;

const whole = await import(at("index.js"));
const inPage = await import(at("lecturePage.js"));
const names = libraryNames(join(dist, "index.d.ts"));
const lacking = Object.entries(whole).filter(([name]) => !(name in inPage));
const nodeOnly = {
  data: Object.fromEntries(lacking.filter(([, value]) => typeof value !== "function")),
  functions: lacking.filter(([, value]) => typeof value === "function").map(([name]) => name),
  types: names.filter(({ kind }) => kind === "type").map(({ name }) => name),
};

/** What explore.html suggests. */
const lists = {
  models: inPage.modelNames,
  devices: Object.values(inPage.devices).map(({ id, name, kind }) => ({ id, name, kind })),
  dtypes: [...inPage.dtypes, ...Object.keys(inPage.blockFormats)],
  tools: inPage.toolNames,
};

/** One file with all that it imports, minified. */
async function bundled(name, format, platform = "browser") {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    platform,
    legalComments: "none",
    logLevel: "error",
    write: false,
    alias: { "ts-interface-checker": join(folder, "compile", "unchecked.mjs") },
    define: {
      ridgepointNames: JSON.stringify(names),
      ridgepointNodeOnly: JSON.stringify(nodeOnly),
      ridgepointLists: JSON.stringify(lists),
      ...(platform === "browser" && { "import.meta.url": '"page"' }),
    },
  });
  return outputFiles[0].text.trim();
}

// Shorter blocks than by default follow the text more closely.
const packed = (text) => deflateRawSync(text, { level: 9, memLevel: 6 }).toString("base64");
const write = (name, text) => writeFileSync(join(folder, "dist", name), text);

mkdirSync(join(folder, "dist"), { recursive: true });
for (const name of ["boot", "explore"]) {
  const text = await bundled(name, "iife");
  // In a page these would end the script, or open a comment in it.
  if (/<\/script|<!--/i.test(text))
    throw new Error(`page/build: ${name}.js must hold neither "</script" nor "<!--", got one`);
  write(`${name}.js`, text);
}
write("explore.txt", packed(await bundled("exploreWorker", "iife")));
write("lecture.txt", packed(await bundled("lecture", "esm")));
write("worker.txt", packed(await bundled("worker", "iife")));
write("measuring.txt", packed(await bundled("measuring", "esm")));
write("machine.txt", packed(await bundled("measure/worker", "iife")));
write("narrow.mjs", await bundled("narrow", "esm", "node"));
write("charts.css", (await import(at("charts/pageStyle.js"))).pageStyle());
