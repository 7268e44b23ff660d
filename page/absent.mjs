// What the bundles of pages leave out, as a plugin of esbuild: of packages, what no cell reaches through lib and the
// page's own compiler; of lib, what another lecture's page carries. In place of each export stands a refusal, so that
// whoever reaches one after all is told so in one line.
import { build } from "esbuild";

/** Of what is left out, what Plot calls as it is loaded, and the scheme that it asks before it hears of ours. */
const kept = ["geoTransform", "interpolateTurbo"];

/** Of packages, by the names of files. */
const unreached = [
  // sucrase is called with "typescript" alone: neither JSX, Flow, CommonJS, React nor older engines.
  /sucrase\/dist\/esm\/transformers\/(?:CJSImport|Flow|JSX|JestHoist|ReactDisplayName|ReactHotLoader)Transformer\.js$/,
  /sucrase\/dist\/esm\/transformers\/(?:NumericSeparator|OptionalCatchBinding|OptionalChainingNullish)Transformer\.js$/,
  /sucrase\/dist\/esm\/(?:CJSImportProcessor|identifyShadowedGlobals)\.js$/,
  /sucrase\/dist\/esm\/parser\/plugins\/(?:flow|jsx\/index)\.js$/,
  /sucrase\/dist\/esm\/util\/(?:formatTokens|getTSImportedNames|getNonTypeIdentifiers)\.js$/,
  // A chart of lib has no map, no dates, no colours but its theme's, and no legend or tip of Plot's.
  /\/d3-(?:axis|geo|scale-chromatic|time|time-format)\/dist\/[^/]*\.mjs$/,
  /@observablehq\/plot\/src\/(?:marks\/tip|interactions\/pointer|legends\/ramp|legends\/swatches)\.js$/,
];

/**
 * Of lib, what only some lectures' pages carry: `lectures` are their numbers, by default the one in the file's name;
 * `empty` says that elsewhere the file's records are empty, as those that look one up refuse an unknown name.
 */
const carried = [
  { file: /lib\/lesson\/(?:exercises|findings|guesses)\/lecture(\d+)\.ts$/, empty: true },
  { file: /lib\/comparing\/timm\/rows\.ts$/, lectures: [4] },
];

/** The plugin for the page of a lecture, by number; without one, all of lib stays. */
export const absent = (lecture) => ({
  name: "absent",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\?whole$/ }, ({ path }) => ({ path: path.replace(/\?whole$/, ""), suffix: "?whole" }));
    for (const filter of unreached)
      onLoad({ filter }, ({ path, suffix }) => {
        if (suffix === "?whole") return undefined;
        return stub(path, "a page does not carry what needs it");
      });
    for (const { file, lectures, empty } of lecture ? carried : [])
      onLoad({ filter: file }, ({ path }) => {
        const owners = lectures ?? [Number(file.exec(path)[1])];
        if (owners.includes(lecture)) return undefined;
        return stub(path, `only the page of lecture ${owners.join(", ")} carries it`, empty);
      });
  },
});

async function stub(path, reason, empty = false) {
  const lines = (await exportsOf(path)).map((name) => {
    if (kept.includes(name)) return `export { ${name} } from ${JSON.stringify(`${path}?whole`)};`;
    return `const ${name}$ = ${empty ? "{}" : `refused("${name}")`}; export { ${name}$ as ${name} };`;
  });
  return { contents: [...(empty ? [] : [refusal(reason)]), ...lines].join("\n"), loader: "js" };
}

/** The names that a module exports. */
async function exportsOf(path) {
  const { metafile } = await build({ entryPoints: [path], metafile: true, write: false, format: "esm", outdir: "/" });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

/**
 * What makes a name that refuses to be called, made or read. It may be extended, and written to (Plot marks the units
 * of time), which does nothing.
 */
const refusal = (reason) => `
const refused = (name) => {
  const refuse = () => { throw new Error(name + ": ${reason}; npm run lab opens the notebook"); };
  return new Proxy(function () {}, {
    apply: refuse,
    construct: refuse,
    get: (_, key) => (key === "prototype" ? {} : refuse()),
    set: () => true,
  });
};`;
