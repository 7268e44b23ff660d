// npm start: runs the lectures in the TypeScript kernel and writes them to site/, as pages that work offline.
import { join } from "node:path";
import { lectures, outputFolder } from "./lectures.mjs";

const began = performance.now();
const status = lectures("site");
if (status === 0) {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`\nThe lectures are in ${join(outputFolder("site"), "index.html")} (${seconds} s).`);
}
process.exit(status);
