// Before anything is measured: the kernels compute what they should, and the clock sees how much they do. An engine
// that is wrong or leaves work out, or a clock that does not run, would give figures of nothing.
import { fill } from "../kernels/fill.js";
import { runStream } from "../kernels/streams.js";
import { cycle, type Bench } from "./curve.js";
import { timeAgainstWork } from "./invariants.js";
import { arithmetic, type Session } from "./session.js";

const elements = 1024;
const times = 4;

/** In one sentence, what is wrong with this engine or its clock; undefined when nothing is. */
export function unsound({ bench, steps, now }: Pick<Session, "bench" | "steps" | "now">): string | undefined {
  const wrong = wrongKernel(bench);
  if (wrong !== undefined) return `the kernel ${wrong} came out to compute something else than its sums in JavaScript`;
  let fault: string | undefined;
  // Whoever is interrupted once is not unsound.
  for (let attempt = 0; attempt < 3; attempt++) {
    const best = (more: number): number =>
      Math.min(...Array.from({ length: 5 }, () => arithmetic(bench, more * steps, now)).filter((s) => s > 0));
    fault = timeAgainstWork(best(1), best(times), times);
    if (fault === undefined) break;
  }
  return fault;
}

/** The first kernel whose result is not that of the same sums in JavaScript, which are exact in fp32. */
function wrongKernel({ space, arrays, pools }: Bench): string | undefined {
  const [x, y, z] = [arrays.x, arrays.y, arrays.z].map(({ values }) => values.subarray(0, elements)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const run = (kind: "read" | "copy" | "triad" | "update") => runStream(kind, pools.at(-1)!, { ...arrays, elements });
  const xs = fill(x, 1).slice();
  const sum = xs.reduce((total, value) => total + value, 0);
  const checks: readonly [string, () => boolean][] = [
    ["read", () => run("read") === sum],
    [
      "copy",
      () => {
        run("copy");
        return y.every((value, i) => value === xs[i]);
      },
    ],
    [
      "triad",
      () => {
        run("triad");
        return z.every((value, i) => value === 4 * xs[i]!); // x + 3·y, and y is x
      },
    ],
    [
      "update",
      () => {
        run("update");
        return x.every((value, i) => value === -xs[i]!);
      },
    ],
    ["chains", () => Math.abs(space.kernels.chains(40_000, 0.999, 0.001, 2) - 48) < 0.05],
    ["chase", () => goesRound(x, arrays.x.at, space.kernels.chase)],
  ];
  const wrong = checks.find(([, right]) => !right())?.[0];
  [x, y, z].forEach((values) => values.fill(1));
  return wrong;
}

/** Whether a chase through every line of `values` comes back after as many loads as there are lines, and not before. */
function goesRound({ buffer }: Float32Array, at: number, chase: (start: number, steps: number) => number): boolean {
  const lines = elements / 16;
  const words = new Uint32Array(buffer, at, elements);
  cycle(lines, (from, to) => {
    words[from * 16] = at + to * 64;
  });
  return chase(at, lines) === at && chase(at, lines / 2) !== at;
}
