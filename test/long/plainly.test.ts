// Every lecture in tslab as it comes; npm test runs one of them so.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/hosts.js";
import { runsPlainly } from "../support/plainly.js";

runsPlainly(readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb")));
