// The best time of a pass over an array, part by part: a whole pass over a large one may be long enough to be
// interrupted every time.
import { sampleOf, shortest } from "./clock.js";

/** What works on `count` elements of an array, from `from` on. */
export type Part = (from: number, count: number) => void;

/** From so many elements on an array is walked through in parts. */
const large = 2 ** 18;
const samples = 40;

/**
 * Seconds for `part` on all `elements`: the shortest of several calls on all of them, or, of a large array, by the best
 * of 40 parts, each the next one, so that none is in a cache. Parts begin and end on multiples of `grain`.
 */
export function bestSeconds(
  part: Part,
  { elements, grain, now }: { elements: number; grain: number; now: () => number },
): number {
  if (elements < large) {
    const calls = (count: number): void => {
      for (let call = 0; call < count; call++) part(0, elements);
    };
    return shortest(calls, { samples: 5, sampleSeconds: 1e-3, now });
  }
  const target = sampleOf(2e-4, now);
  let count = grain * Math.floor(large / grain / 2);
  let from = 0;
  let best = Infinity;
  for (let sample = 0; sample < samples;) {
    if (from + count > elements) from = 0;
    const begin = now();
    part(from, count);
    const seconds = now() - begin;
    from += count;
    if (seconds < target && 2 * count <= elements) count *= 2;
    else {
      sample++;
      if (seconds > 0) best = Math.min(best, (seconds / count) * elements);
    }
  }
  return best;
}
