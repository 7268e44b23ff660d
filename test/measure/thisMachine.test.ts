import { cpus } from "node:os";
import { expect, it } from "vitest";
import { thisMachine } from "../../lib/measure/index.js";

it("thisMachine() names processor, cores, system and Node on one line", () => {
  expect(thisMachine()).toMatch(/^.+, \d+ cores?, \w+ \w+, Node \d+\.\d+\.\d+$/);
  expect(thisMachine()).toContain(`${cpus().length} core`);
});
