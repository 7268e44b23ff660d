// Bundles what pages run, into page/dist. Of a lecture's: boot.js, which runs at once, and lecture.txt, measuring.txt,
// machine.txt and worker-<lecture>.txt (worker.txt for any other notebook), which stand in the page as text, packed,
// until they are used. Of explore.html: explore.js and its worker, explore.txt. What an export needs: charts.css, the
// colours of charts, and narrow.mjs, which draws them for a phone. After the library's own build, of which the names
// and their lines are read.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { absent } from "./absent.mjs";
import { libraryNames } from "./names.mjs";
import { minified, packed } from "./packed.mjs";

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

/** The lectures' names, each of which begins with its number. */
const lectures = readdirSync(join(folder, "..", "notebooks"))
  .filter((file) => /^\d+-.*\.ipynb$/.test(file))
  .map((file) => file.replace(/\.ipynb$/, ""));

/** What explore.html suggests. */
const lists = {
  models: inPage.modelNames,
  devices: Object.values(inPage.devices).map(({ id, name, kind }) => ({ id, name, kind })),
  dtypes: [...inPage.dtypes, ...Object.keys(inPage.blockFormats)],
  tools: inPage.toolNames,
};

/** One file with all that it imports, minified; with `lecture`, for that lecture's page alone. */
async function bundled(name, format, { platform = "browser", lecture } = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    platform,
    legalComments: "none",
    logLevel: "error",
    plugins: platform === "browser" ? [absent(lecture)] : [],
    write: false,
    alias: { "ts-interface-checker": join(folder, "compile", "unchecked.mjs") },
    define: {
      ridgepointNames: JSON.stringify(names),
      ridgepointNodeOnly: JSON.stringify(nodeOnly),
      ridgepointLists: JSON.stringify(lists),
      ...(platform === "browser" && { "import.meta.url": '"page"' }),
    },
  });
  return minified(outputFiles[0].text, format === "esm");
}

const place = (name) => join(folder, "dist", name);
const write = (name, text) => writeFileSync(place(name), text);
const pack = async (name, text) => write(name, await packed(text, place(name)));

mkdirSync(join(folder, "dist"), { recursive: true });
for (const name of ["boot", "explore"]) {
  const text = await bundled(name, "iife");
  // In a page these would end the script, or open a comment in it.
  if (/<\/script|<!--/i.test(text))
    throw new Error(`page/build: ${name}.js must hold neither "</script" nor "<!--", got one`);
  write(`${name}.js`, text);
}
await pack("explore.txt", await bundled("exploreWorker", "iife"));
await pack("lecture.txt", await bundled("lecture", "esm"));
for (const name of lectures)
  await pack(`worker-${name}.txt`, await bundled("worker", "iife", { lecture: parseInt(name, 10) }));
await pack("measuring.txt", await bundled("measuring", "esm"));
await pack("machine.txt", await bundled("measure/worker", "iife"));
write("narrow.mjs", await bundled("narrow", "esm", { platform: "node" }));
write("charts.css", (await import(at("charts/pageStyle.js"))).pageStyle());
await pack("worker.txt", await bundled("worker", "iife")); // last: scripts/setup/state.mjs asks for it
