// npm run slides: the lectures as slides with their stored outputs, one page each that works offline, in slides/.
import { lectures, outputFolder } from "./lectures.mjs";

const status = lectures("slides");
if (status === 0) {
  const folder = outputFolder("slides");
  console.log(`\nThe slides are in ${folder}: arrows move, Esc shows all, ?print-pdf in the address prints.`);
}
process.exit(status);
