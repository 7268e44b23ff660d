import { beforeEach, describe, expect, it, vi } from "vitest";
import { check, exercise, hint, solution, type Exercise } from "../../lib/lesson/index.js";
import { verdict } from "../../lib/lesson/exercise.js";
import { exercises } from "../../lib/lesson/exercises/index.js";

const print = vi.spyOn(console, "log");
beforeEach(() => {
  print.mockReset().mockImplementation(() => undefined);
});
const printed = (): string => print.mock.calls.map((c) => c.join(" ")).join("\n");

const kB: Exercise = {
  question: "How many bytes?",
  answer: () => 819_200,
  tolerance: 0,
  unit: "bytes",
  hints: ["one", "two"],
  solution: "Count.",
};
const share: Exercise = {
  question: "What share, in per cent?",
  answer: () => 12.5,
  unit: "%",
  hints: ["h"],
  solution: "s",
};

describe("verdict(exercise, answer)", () => {
  it("says right, with the answer in its unit", () => {
    expect(verdict(kB, 819_200)).toBe("right: 819,200 bytes.");
    expect(verdict(share, 12.5)).toBe("right: 12.50 %.");
  });
  it("takes an answer within the tolerance, and none outside it", () => {
    expect(verdict(share, 12.5 * 1.0049)).toMatch(/^right/);
    expect(verdict(share, 12.5 * 1.0051)).toMatch(/^not yet/);
    expect(verdict({ ...share, tolerance: 0.01 }, 12.5 * 0.991)).toMatch(/^right/);
    expect(verdict(kB, 819_201)).toMatch(/^not yet: close/);
  });
  it.each([
    [2, "twice"],
    [0.5, "half"],
    [1000, "a thousand times"],
    [1e-3, "a thousandth"],
    [1e6, "a million times"],
    [1e-9, "1e-9"],
    [100, "hundred times"],
    [0.01, "hundredth"],
    [1.024, "1024/1000"],
    [1 / 1.024, "1000/1024"],
    [1024 ** 2 / 1e6, "1024²"],
    [1e6 / 1024 ** 2, "1000²"],
    [8, "eight times"],
    [1 / 8, "an eighth"],
    [4, "four times"],
    [0.25, "a quarter"],
    [-1, "wrong sign"],
  ])("names an answer that is off by a factor of %f", (factor, words) => {
    for (const e of [kB, share]) expect(verdict(e, e.answer() * factor)).toMatch(new RegExp(`^not yet: .*${words}`));
  });
  it("says how far off an answer of no known kind is", () => {
    expect(verdict(share, 12.5 * 1.1)).toBe(
      "not yet: close, but not there. Look for a term that you left out, or counted twice.",
    );
    expect(verdict(share, 12.5 * 3)).toBe("not yet: too large, by a factor of 3.0.");
    expect(verdict(share, 12.5 / 3)).toBe("not yet: too small, by a factor of 3.0.");
    for (const wrong of [0, -3, Infinity, -Infinity])
      expect(verdict(share, wrong)).toBe("not yet: the right answer is positive and finite.");
  });
  it("takes an unfilled answer for no error, and says what another kind of value is", () => {
    for (const todo of ["", "TODO", "?", "..."])
      expect(verdict(share, todo)).toBe(`no answer yet: replace ${JSON.stringify(todo)} by your number.`);
    for (const empty of [undefined, null, NaN])
      expect(verdict(share, empty)).toBe("no answer yet: replace undefined by your number.");
    expect(verdict(share, "12.5")).toBe('the answer must be a number, got "12.5".');
    expect(verdict(share, [12.5])).toBe("the answer must be a number, got [12.5].");
    expect(verdict(share, 12n)).toBe("the answer must be a number, got 12.");
  });
});

describe("exercises", () => {
  it("stand as lecture.number without a gap, five lectures", () => {
    expect(Object.keys(exercises)).toEqual(
      [...[6, 6, 5, 4, 5].entries()].flatMap(([l, n]) => Array.from({ length: n }, (_, i) => `${l + 1}.${i + 1}`)),
    );
  });
  it.each(Object.entries(exercises))(
    "%s has a positive finite answer that its own verdict accepts, a hint and a solution",
    (_, e) => {
      const answer = e.answer();
      expect(Number.isFinite(answer) && answer > 0).toBe(true);
      expect(verdict(e, answer)).toMatch(/^right: /);
      expect(verdict(e, 2 * answer)).toMatch(/^not yet: twice/);
      expect(e.question).toMatch(/\?$/);
      expect(e.hints.length).toBeGreaterThan(0);
      expect(e.solution.length).toBeGreaterThan(5);
    },
  );

  // Second road: each answer again, by hand, from the sizes in the question. Device figures: NVIDIA's and Apple's data
  // sheets (H100 SXM 989.4e12 dense bf16, 3.35e12 B/s; A100 80 GB SXM 312e12, 2.039e12 B/s; M2 Pro 6.8e12 fp32, 200e9
  // B/s).
  const h100 = 989.4e12 / 3.35e12;
  const a100 = 312e12 / 2.039e12;
  const critical = (i: number, o: number, ridge: number, bytes: number) =>
    (bytes * ridge * i * o) / (2 * i * o - bytes * ridge * (i + o));
  const vgg = [
    [3, 64, 224],
    [64, 64, 224],
    [64, 128, 112],
    [128, 128, 112],
    [128, 256, 56],
    [256, 256, 56],
    [256, 256, 56],
    [256, 512, 28],
    [512, 512, 28],
    [512, 512, 28],
    [512, 512, 14],
    [512, 512, 14],
    [512, 512, 14],
  ].reduce((s, [i, o, side]) => s + 9 * i! * o! * side! ** 2, 0);
  const byHand: Record<string, [number, number]> = {
    // the sum by hand, and the figure as it is known
    "1.1": [112 * 112 * 64 * 147, 118_013_952],
    "1.2": [(9 * 256) / (9 + 256), 8.69],
    "1.3": [2 * 1024, 2048],
    "1.4": [(100 * vgg) / (vgg + 25088 * 4096 + 4096 * 4096 + 4096 * 1000), 99.2],
    "1.5": [(6 * 405e9 * 15.6e12) / (16384 * 0.4 * 989.4e12 * 86400), 67.7],
    "1.6": [2 * 12 * (12 * 512 * 768 ** 2 + 2 * 512 ** 2 * 768), 96.64e9],
    "2.1": [(64 * 768 * 3072) / (768 * 3072 + 64 * (768 + 3072)), 57.96],
    "2.2": [critical(768, 3072, a100, 2), 203.8],
    "2.3": [4096 / 2, 2048],
    "2.4": [Math.floor(2 * h100) + 1, 591],
    "2.5": [2 * 40 * 5120 * 2, 819_200],
    "2.6": [critical(768, 3072, 640 / 4 / (4.6 / 2), 4), 180],
    "3.1": [6.8e12 / 200e9, 34.0],
    // 3 · 153.02 = 459.05: at 459 still memory-bound.
    "3.2": [Math.floor(3 * a100) + 1, 460],
    "3.3": [((768 * 3072 + 64 * (768 + 3072)) * 2 * 1e6) / 3.35e12, 1.56],
    "3.4": [(0.5 * h100 * 4096 * 16384) / (2 * 4096 * 16384 - 2 * h100 * (4096 + 16384)), 81.1],
    "3.5": [200 / 16.06, 12.5],
    "4.1": [2 * 4.598882304, 9.2],
    "4.2": [11_114_984 / 6_748_036, 1.65],
    "4.3": [(100 * 512) / (6 * 768 + 512), 10.0],
    "4.4": [17_563_828_224 / 86_567_656, 203],
    "5.1": [512, 512],
    "5.2": [8, 8],
    "5.3": [52, 52],
    "5.4": [2, 2],
    "5.5": [0.25, 0.25],
  };
  it.each(Object.entries(byHand))(
    "%s: the library's answer is the one by hand, and the known figure",
    (id, [hand, known]) => {
      const e = (exercises as Record<string, Exercise>)[id]!;
      const answer = e.answer();
      expect(Math.abs(answer / hand - 1)).toBeLessThan(1e-3);
      expect(Math.abs(answer / known - 1)).toBeLessThan(5e-3);
    },
  );
  it("every exercise is worked by hand above", () => expect(Object.keys(byHand)).toEqual(Object.keys(exercises)));
});

describe("exercise, check, hint, solution", () => {
  it("print what a cell shows, one paragraph each", () => {
    exercise("2.5");
    check("2.5", undefined);
    check("2.5", 819_200);
    solution("2.5");
    expect(printed().split("\n")).toEqual([
      expect.stringMatching(/^Exercise 2\.5\. How many bytes/),
      "2.5: no answer yet: replace undefined by your number.",
      "2.5: right: 819,200 bytes.",
      "Solution. 2 · layers · heads · headDim · 2 bytes. Answer: 819,200 bytes.",
    ]);
  });
  it("hints come one by one and start again; n picks one", () => {
    for (let i = 0; i < 3; i++) hint("1.1");
    hint("1.1", 2);
    expect(
      printed()
        .split("\n")
        .map((l) => l.slice(0, 12)),
    ).toEqual(["Hint 1 of 2.", "Hint 2 of 2.", "Hint 1 of 2.", "Hint 2 of 2."]);
    expect(() => hint("1.1", 3)).toThrow("hint: n must be from 1 to 2, got 3");
    expect(() => hint("1.1", 0)).toThrow("hint: n must be from 1 to 2, got 0");
  });
  it("an unknown id lists the known ones", () => {
    for (const [who, f] of Object.entries({ exercise, check, hint, solution }))
      expect(() => (f as (id: string) => void)("9.9")).toThrow(
        new RegExp(`^${who}: id must be one of 1\\.1, .*5\\.5.*, got "9\\.9"$`),
      );
    expect(() => check("constructor", 1)).toThrow(RangeError);
  });
  it("a teacher adds one of their own", () => {
    exercise("own.1", { question: "2 + 2?", answer: () => 4, tolerance: 0, hints: ["count"], solution: "four" });
    check("own.1", 4);
    expect(printed()).toBe("Exercise own.1. 2 + 2?\nown.1: right: 4.");
  });
});
