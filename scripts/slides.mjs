// npm run slides: the lectures as slides with their stored outputs, one page each that works offline, in slides/.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment, python, root, setup } from "./setup.mjs";

setup();
const { status } = spawnSync(python, [join(root, "scripts", "lectures.py"), "slides", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: environment(),
});
if (status === 0)
  console.log(
    `\nThe slides are in ${join(root, "slides")}: arrows move, Esc shows all, ?print-pdf in the address prints.`,
  );
process.exit(status ?? 1);
