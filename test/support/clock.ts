// A clock for tests of what measures: each reading moves it on, so that no test needs real time.

/** Seconds that grow by what `step` gives at each reading. */
export function clock(step: () => number = () => 1e-3): () => number {
  let time = 0;
  return () => {
    time += step();
    return time;
  };
}
