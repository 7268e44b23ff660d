// What is made of a measured result, and of the recorded run beside it.
import { expect, it } from "vitest";
import { derived } from "../../lib/lesson/index.js";

const twice = ({ n }: { n: number }): { n: number } => ({ n: 2 * n });

it("keeps the machine, and makes the same of the run beside", () =>
  expect(derived({ n: 1, origin: "here", beside: { machine: "there", date: "", result: { n: 3 } } }, twice)).toEqual({
    n: 2,
    origin: "here",
    beside: { machine: "there", date: "", result: { n: 6 } },
  }));

it("stays a recorded run", () => {
  const recorded = { machine: "there", date: "" };
  expect(derived({ n: 1, origin: "there", recorded }, twice)).toEqual({ n: 2, origin: "there", recorded });
});
