import { beforeEach, describe, expect, it, vi } from "vitest";
import { guess, reveal, type Guess } from "../../lib/lesson/index.js";
import { revealed } from "../../lib/lesson/guess.js";
import { guesses } from "../../lib/lesson/guesses/index.js";

const print = vi.spyOn(console, "log");
beforeEach(() => {
  print.mockReset().mockImplementation(() => undefined);
});
const printed = (): string[] => print.mock.calls.map((call) => call.join(" "));

const green: Guess = { question: "How many of the six are green?", because: () => "none reaches the ridge" };
const first: Guess = { question: "Which is first?", choices: ["a", "b"], because: (actual) => `${actual} leads` };

describe("revealed(guess, actual, mine)", () => {
  it("lays the guess over the answer", () => {
    expect(revealed(green, 0, 3)).toBe("You said 3, it is 0: off by 3, because none reaches the ridge.");
    expect(revealed(green, 0, 0)).toBe("You said 0, and it is 0: because none reaches the ridge.");
    expect(revealed({ ...green, unit: "GB" }, 10, 25)).toMatch(
      /^You said 25 GB, it is 10 GB: too large by a factor of 2\.5,/,
    );
    expect(revealed(green, 10, 2)).toMatch(/too small by a factor of 5\.0,/);
    expect(revealed(green, 10, 10.9)).toMatch(/^You said 10\.9\d*, and it is 10:/);
    expect(revealed(green, -4, 4)).toMatch(/off by 8,/);
  });
  it("takes a choice, and no guess", () => {
    expect(revealed(first, "b", "a")).toBe("You said a, it is b: because b leads.");
    expect(revealed(first, "b", "b")).toBe("You said b, and so it is: because b leads.");
    expect(revealed(green, 0, undefined)).toBe("It is 0, because none reaches the ridge. (You made no guess.)");
  });
});

describe("guesses", () => {
  it.each(Object.entries(guesses))("%s asks, and every answer has a because", (_, asked) => {
    expect(asked.question).toMatch(/\?$/);
    for (const answer of asked.choices ?? [0, 1, 1e9])
      expect(asked.because(answer)).not.toMatch(/\.$|^because|undefined|NaN/);
  });
  it("are locked once the answer was shown", () => {
    (guesses as Record<string, Guess>)["a-sample"] = green;
    guess("a-sample", undefined);
    guess("a-sample", 3);
    guess("a-sample", 4);
    reveal("a-sample", 0);
    guess("a-sample", 0);
    expect(printed()[1]).toMatch(/^Open\. /);
    expect(printed()[6]).toBe("Answer. You said 4, it is 0: off by 4, because none reaches the ridge.");
    expect(printed().at(-1)).toBe("Locked. The answer was shown, so your guess stays: 4.");
    (guesses as Record<string, Guess>)["a-choice"] = first;
    expect(() => guess("a-choice", "c")).toThrow('guess: value must be one of "a", "b", got "c"');
    expect(() => guess("no-such", 1)).toThrow(/^guess: id must be one of /);
  });
});
