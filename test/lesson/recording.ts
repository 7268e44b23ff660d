// Another machine's recorded runs, and what measured() says meanwhile; nothing of the environment takes part.
import { afterEach, beforeEach, vi } from "vitest";
import type { Recorded } from "../../lib/index.js";

export const other = { machine: "Another Processor 9000, 4 cores, linux x64, Node 22.0.0", date: "2026-01-02" };
export const recording = (title: string, result: object): Recorded[] => [{ ...other, runs: { [title]: result } }];

/** What was printed since the test began. */
export const said: string[] = [];

/** Hears, in the file or suite that calls it, what is printed, and keeps the environment out. */
export function hears(): void {
  beforeEach(() => {
    said.length = 0;
    vi.stubEnv("RIDGEPOINT_MEASURE", undefined);
    vi.stubEnv("RIDGEPOINT_RECORD", undefined);
    vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
}
