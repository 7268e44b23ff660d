// `npm run bench`: runs every *.bench.mjs beside this file, or those that are named: `npm run bench -- native`.
// A benchmark exports `title` and a default function that prints its table. Ratios only: no test asserts on time.
// One that throws is named in a line, and the others still run; the exit code is then 1.
import { readdirSync } from "node:fs";
import { cpus } from "node:os";

const here = new URL(".", import.meta.url);
const all = readdirSync(here)
  .filter((name) => name.endsWith(".bench.mjs"))
  .map((name) => name.slice(0, -".bench.mjs".length))
  .sort();
const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!all.includes(name)) {
    console.error(`bench: name must be one of ${all.join(", ")}, got ${name}`);
    process.exit(1);
  }

console.log(
  `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ` +
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
);
let failed = false;
for (const name of wanted.length ? wanted : all) {
  try {
    const { title, default: run } = await import(new URL(`${name}.bench.mjs`, here));
    console.log(`\n${title}`);
    await run();
  } catch (error) {
    failed = true;
    console.error(`bench: ${name} stopped: ${String(error?.message ?? error).split("\n")[0]}`);
  }
}
process.exit(failed ? 1 : 0);
