import { describe, expect, it } from "vitest";
import { findingText, type Finding } from "../../lib/lesson/finding.js";

interface Rows {
  readonly rows: readonly number[];
}
const falls: Finding<Rows> = {
  holds: ({ rows }) => rows[0]! > rows[1]!,
  says: ({ rows }) => `It falls from ${rows[0]} to ${rows[1]}.`,
  otherwise: ({ rows }) => `It does not fall: ${rows[0]} and ${rows[1]}.`,
};
const beside = { machine: "Recorded", date: "2026-11-28", result: { rows: [9, 2] } };

describe("findingText(finding, result)", () => {
  it("says what holds, and of which machine", () => {
    expect(findingText(falls, { rows: [3, 1] })).toBe("It falls from 3 to 1.");
    expect(findingText(falls, { rows: [3, 1], origin: "Here", beside })).toBe("It falls from 3 to 1. (Here.)");
  });
  it("says what was found instead, and the recorded run beside it, named and dated", () =>
    expect(findingText(falls, { rows: [1, 3], origin: "Here", beside })).toBe(
      "It does not fall: 1 and 3. (Here.) " +
        "On a recorded run it is otherwise: It falls from 9 to 2. (Recorded, 2026-11-28.)",
    ));
  it("leaves out a recorded run that does not bear it out either", () =>
    expect(findingText(falls, { rows: [1, 3], origin: "Here", beside: { ...beside, result: { rows: [1, 1] } } })).toBe(
      "It does not fall: 1 and 3. (Here.)",
    ));
});
