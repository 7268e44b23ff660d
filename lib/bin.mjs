#!/usr/bin/env node
// What npx runs: the command line of the built library.
import { existsSync } from "node:fs";

const built = new URL("./dist/cli.js", import.meta.url);

if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    "ridgepoint: the library must be built first; run npm install, or npm run build, in its folder\n",
  );
  process.exitCode = 1;
}
