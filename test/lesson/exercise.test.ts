import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  check,
  exercise,
  hint,
  solution,
  type DesignExercise,
  type FunctionExercise,
  type NumberExercise,
  type Sizes,
} from "../../lib/lesson/index.js";
import { verdict } from "../../lib/lesson/exercise.js";
import { exercises } from "../../lib/lesson/exercises/index.js";
import { byHand } from "./byHand/index.js";

const print = vi.spyOn(console, "log");
beforeEach(() => {
  print.mockReset().mockImplementation(() => undefined);
});
const printed = (): string => print.mock.calls.map((c) => c.join(" ")).join("\n");

const kB: NumberExercise = {
  question: "How many bytes?",
  answer: () => 819_200,
  tolerance: 0,
  unit: "bytes",
  hints: ["one", "two"],
  solution: "Count.",
};
const share: NumberExercise = {
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
  it("tells the exercise's own wrong roads before a factor that they happen to have", () => {
    const mistakes = [{ value: () => 25, says: "That is both halves." }];
    expect(verdict({ ...share, mistakes }, 25)).toBe("not yet: That is both halves.");
    expect(verdict({ ...share, mistakes }, 50)).toMatch(/^not yet: four times/);
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
  const all = Object.entries(exercises);
  it.each(all)("%s: its own answer is right; it has a hint and a solution", (_, e) => {
    expect(verdict(e, "reference" in e ? e.reference : "judge" in e ? e.example : e.answer())).toMatch(/^right: /);
    expect(e.question).toMatch(/[?.]$/);
    expect(e.hints.length).toBeGreaterThan(0);
    expect(e.solution.length).toBeGreaterThan(5);
  });
  it.each(all)("%s: each of its wrong roads is told by its own sentence", (_, e) => {
    if ("judge" in e) return;
    for (const { value, says } of e.mistakes ?? [])
      expect(verdict(e, "reference" in e ? value : (value as () => number)())).toContain(says);
  });
  it.each(all)("%s: what the lecture's notes by hand say is right, or wrong", (id, e) => {
    const known = byHand[id];
    expect(known, "worked by hand in test/lesson/byHand").toBeDefined();
    if ("fails" in known!) {
      expect("judge" in e).toBe(true);
      expect(verdict(e, known.fails)).toMatch(known.because);
    } else if ("gives" in known!) {
      expect((e as FunctionExercise).reference(known.of)).toBeCloseTo(known.gives, 9);
    } else {
      const answer = (e as NumberExercise).answer();
      expect(Math.abs(answer / known![0] - 1)).toBeLessThan(1e-3);
      expect(Math.abs(answer / known![1] - 1)).toBeLessThan(5e-3);
    }
  });
});

describe("a function", () => {
  const area: FunctionExercise = {
    question: "Write area({ width, height }).",
    reference: ({ width, height }) => width! * height!,
    draw: (pick) => ({ width: pick(1, 100), height: pick(1, 100) }),
    mistakes: [{ value: ({ width, height }) => width! + height!, says: "That is the sum of the sides." }],
    hints: ["multiply"],
    solution: "({ width, height }) => width * height",
  };
  it("is right where it agrees on every draw", () =>
    expect(verdict(area, ({ width, height }: Sizes) => width! * height!)).toBe(
      "right: it agrees on 200 random shapes.",
    ));
  it("is shown the smallest sizes where it does not", () =>
    expect(verdict(area, ({ width, height }: Sizes) => (width! > 1 ? 0 : height))).toMatch(
      /^not yet: \{ width: 2, height: 1 \} must give 2, got 0\.$/,
    ));
  it("is told which wrong road it takes", () =>
    expect(verdict(area, ({ width, height }: Sizes) => width! + height!)).toMatch(/That is the sum of the sides\.$/));
  it("takes no finite answer for an infinite one", () => {
    const never: FunctionExercise = { ...area, reference: () => Infinity, mistakes: [] };
    expect(verdict(never, () => Infinity)).toMatch(/^right: /);
    expect(verdict(never, () => 5)).toMatch(/ must give Infinity, got 5\.$/);
  });
  it("throws, gives nothing or no number: one sentence each", () => {
    const broken = () => {
      throw new Error("no");
    };
    expect(verdict(area, broken)).toMatch(/^not yet: your function throws on \{ width: 1, height: 1 \}: no\.$/);
    expect(verdict(area, () => undefined)).toMatch(/^no answer yet: /);
    expect(verdict(area, () => "4")).toMatch(/^not yet: your function must give a number: .*, got "4"\.$/);
    expect(verdict(area, 4)).toBe("the answer must be a function, got 4.");
    expect(verdict(area, undefined)).toBe("no answer yet: replace undefined by your function.");
  });
});

describe("a design", () => {
  const even: DesignExercise = {
    question: "Choose an even number.",
    example: { n: 2 },
    judge: ({ n }) => ({
      reached: Number(n) % 2 === 0,
      says: `${String(n)} is ${Number(n) % 2 === 0 ? "even" : "odd"}.`,
    }),
    hints: ["2"],
    solution: "Any multiple of 2.",
  };
  it("is judged, and every failure is one sentence", () => {
    expect(verdict(even, { n: 4 })).toBe("right: 4 is even.");
    expect(verdict(even, { n: 3 })).toBe("not yet: 3 is odd.");
    expect(verdict(even, { n: undefined })).toBe("no answer yet: choose n.");
    expect(verdict(even, { n: 4, m: 1 })).toMatch(/^not yet: check: .*"?m"?/);
    expect(verdict(even, undefined)).toBe("no answer yet: replace undefined by { n }.");
    expect(verdict(even, 4)).toBe("the answer must be a record { n }, got 4.");
  });
});

describe("exercise, check, hint, solution", () => {
  it("print what a cell shows, one paragraph each", () => {
    exercise("own-bytes", kB);
    check("own-bytes", undefined);
    check("own-bytes", 819_200);
    solution("own-bytes");
    expect(printed().split("\n")).toEqual([
      "Exercise own-bytes. How many bytes?",
      "own-bytes: no answer yet: replace undefined by your number.",
      "own-bytes: right: 819,200 bytes.",
      "Solution. Count. Answer: 819,200 bytes.",
    ]);
  });
  it("hints come one by one and start again; n picks one", () => {
    exercise("own-hints", kB);
    for (let i = 0; i < 3; i++) hint("own-hints");
    hint("own-hints", 2);
    expect(
      printed()
        .split("\n")
        .slice(1)
        .map((l) => l.slice(0, 12)),
    ).toEqual(["Hint 1 of 2.", "Hint 2 of 2.", "Hint 1 of 2.", "Hint 2 of 2."]);
    expect(() => hint("own-hints", 3)).toThrow("hint: n must be from 1 to 2, got 3");
    expect(() => hint("own-hints", 0)).toThrow("hint: n must be from 1 to 2, got 0");
  });
  it("an unknown id lists the known ones", () => {
    const known = Object.keys(exercises).join(", ").replaceAll(".", "\\.");
    for (const [who, f] of Object.entries({ exercise, check, hint, solution }))
      expect(() => (f as (id: string) => void)("no-such")).toThrow(
        new RegExp(`^${who}: id must be one of ${known}.*, got "no-such"$`),
      );
    expect(() => check("constructor", 1)).toThrow(RangeError);
  });
  it("a teacher adds one of their own", () => {
    exercise("own.1", { question: "2 + 2?", answer: () => 4, tolerance: 0, hints: ["count"], solution: "four" });
    check("own.1", 4);
    expect(printed()).toBe("Exercise own.1. 2 + 2?\nown.1: right: 4.");
  });
});
