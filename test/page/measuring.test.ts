// Measured cells in a page: the recorded run until the reader asks to measure, then figures of the machine in front.
import { afterEach, expect, it } from "vitest";
import * as measuring from "../../lib/measuring.js";
import { lecture, textOf } from "./cells.js";

const source =
  'import { measured, measureMachine } from "../lib";\n' +
  'const sums = await measured("three walks", () => ({ rows: [typeof measureMachine] }));\nsums.origin';

afterEach(() => measuring.pageHidden(false));

it("measured shows the recorded run until the page is asked to measure, and then what was measured here", async () => {
  const { run, runner } = lecture();
  const before = textOf((await run(0, source)).outputs);
  expect(before).toMatch(/three walks: recorded run\. A page does not measure unless it is asked to\. So the figures/);
  expect(before).toMatch(/\nRecorded run, not measured here: AMD EPYC/);
  const upon = source.replace("})", "}), { on: sums }").replace("const sums", "const more").replace("sums.origin", "");
  const after = textOf((await run(1, upon)).outputs);
  expect(after).toMatch(/recorded run\. A page does not measure unless it is asked to\./);
  runner.measure(measuring);
  expect(textOf((await run(0, source)).outputs)).toBe(`${measuring.thisMachine()}\n`);
});

it("a page that is hidden meanwhile keeps the recorded run, and says why", async () => {
  const { run, runner } = lecture();
  runner.measure(measuring);
  measuring.pageHidden(true);
  expect(textOf((await run(0, source)).outputs)).toMatch(
    /recorded run\. The page was in the background for a while, where browsers slow it down: it must stay in front\./,
  );
});
