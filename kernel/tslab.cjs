// Starts the pinned tslab, unchanged on disk, with its known faults cured in memory. One cure a file in cures/.
// Usage (from kernel.json): node kernel/tslab.cjs --config-path <connection file>
"use strict";
const pinned = "1.0.22";

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const at = process.argv.indexOf("--config-path");
if (at < 0 || !process.argv[at + 1])
  refuse("tslab kernel: --config-path must name Jupyter's connection file, got none");

let version;
try {
  ({ version } = require("tslab/package.json"));
} catch {
  refuse("tslab kernel: tslab must be installed in node_modules, got nothing there; run npm ci");
}
if (version !== pinned)
  refuse(`tslab kernel: tslab must be version ${pinned}, whose faults the cures know, got ${version}`);

require("./cures/positions.cjs").cure(); // first: it must see tslab's compiler before tslab does
require("./cures/transport.cjs").cure();
require("./cures/sending.cjs").cure();
require("./cures/binding.cjs").cure(); // after what else changes how sockets are bound
require("./cures/streams.cjs").cure();
require("./cures/shorthand.cjs").cure();
require("./cures/aborting.cjs").cure();
require("./cures/errors.cjs").cure();

require("tslab/dist/main").startKernel({
  configPath: process.argv[at + 1],
  enableFindLocal: false,
  jsKernel: false,
  globalVersion: pinned,
});
