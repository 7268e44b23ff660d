// Where tslab's own TypeScript is: wherever npm puts it, it is the one that tslab itself finds.
"use strict";
const { dirname } = require("path");

const tslab = dirname(require.resolve("tslab/package.json"));

exports.path = require.resolve("@tslab/typescript-for-tslab", { paths: [tslab] });
