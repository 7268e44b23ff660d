import { describe, expect, it } from "vitest";
import {
  loopAddresses,
  measureChains,
  measureChannelLayouts,
  measureFalseSharing,
  measureLoopOrders,
  measureMountain,
  measureSetConflicts,
  measureStrides,
  measureStructures,
  measureTransposes,
  measureTraversals,
  measureWays,
  type Loops,
} from "../../lib/index.js";
import { chainsContradict } from "../../lib/measure/layout/chains.js";
import { clock } from "../support/clock.js";

// Small sizes and a probe that takes nothing: what is tested is that every row is there, agrees with its siblings and
// can be charted, not how long it takes.
const options = {
  rounds: 3,
  budgetSeconds: 1,
  sampleSeconds: 1e-5,
  warmUpSeconds: 0.005,
  maxSpread: Infinity,
  tolerance: Infinity,
};

function complete(rows: readonly { seconds: number; ratio: number; spread: number }[]): void {
  for (const { seconds, ratio, spread } of rows) {
    expect(seconds).toBeGreaterThan(0);
    expect(ratio).toBeGreaterThan(0);
    expect(spread).toBeGreaterThanOrEqual(0);
  }
}

describe("layout experiments give plain rows, JavaScript beside WebAssembly", () => {
  it("measureTraversals: three orders that sum to the same", async () => {
    const { rows } = await measureTraversals({ shape: [2, 6, 10], ...options });
    expect(rows.map(({ language, order }) => `${language} ${order}`)).toEqual(
      ["contiguous", "transposed", "worst"].flatMap((order) => [`wasm ${order}`, `javascript ${order}`]),
    );
    expect(rows[2]!.strides).toEqual([60, 1, 10]);
    expect(rows[4]!.strides).toEqual([1, 10, 60]);
    complete(rows);
    expect(rows[0]!.ratio).toBe(1);
    expect(rows[1]!.ratio).toBe(1);
  });
  it("measureTransposes, measureLoopOrders, measureSetConflicts", async () => {
    const transposes = (await measureTransposes({ rows: 33, columns: 17, ...options })).rows;
    expect(transposes).toHaveLength(9);
    complete(transposes);
    const orders = (await measureLoopOrders({ n: 9, ...options })).rows;
    expect(new Set(orders.map(({ order }) => order))).toEqual(new Set(["ijk", "ikj", "jik", "jki", "kij", "kji"]));
    expect(orders.find(({ order }) => order === "ikj")!.inner).toEqual([1, 0, 1]);
    expect(orders.find(({ order }) => order === "jki")!.inner).toEqual([9, 9, 0]);
    complete(orders);
    const conflicts = (await measureSetConflicts({ rows: 8, leadingDimensions: [20, 16], ...options })).rows;
    expect(conflicts.map(({ leadingDimension }) => leadingDimension)).toEqual([20, 20, 16, 16]);
    complete(conflicts);
  });
  it("measureChannelLayouts and measureStructures", async () => {
    complete((await measureChannelLayouts({ channels: 3, pixels: 50, ...options })).rows);
    const { rows } = await measureStructures({ records: 100, fields: 3, ...options });
    expect(rows).toHaveLength(8);
    complete(rows);
  });
  it("carry the loops that ran, so that a cache model can predict them", async () => {
    const { rows: traversals } = await measureTraversals({ shape: [2, 6, 10], ...options });
    const { rows: channels } = await measureChannelLayouts({ channels: 3, pixels: 50, ...options });
    const { rows: structures } = await measureStructures({ records: 100, fields: 3, ...options });
    const { rows: conflicts } = await measureSetConflicts({ rows: 8, leadingDimensions: [20, 16], ...options });
    const visited = (rows: readonly Loops[]): number[] =>
      rows.filter((_, i) => i % 2 === 0).map((row) => new Set(loopAddresses(row)).size);
    expect(visited(traversals)).toEqual([120, 120, 120]);
    expect(visited(channels)).toEqual([150, 150, 150, 150]);
    expect(visited(structures)).toEqual([100, 100, 300, 300]);
    expect(visited(conflicts)).toEqual([8, 8]);
    expect(loopAddresses(traversals[2]!).slice(0, 3), "the transposed view steps over a sequence").toEqual([0, 40, 80]);
  });
  it("measureWays: one row for each distance and number of lines", async () => {
    const { rows } = await measureWays({ distances: [4096, 64], lines: [1, 2, 9] });
    expect(rows.map(({ distance, lines }) => [distance, lines])).toEqual([
      [4096, 1],
      [4096, 2],
      [4096, 9],
      [64, 1],
      [64, 2],
      [64, 9],
    ]);
    for (const { seconds } of rows) expect(seconds).toBeGreaterThan(0);
    expect((await measureWays({ now: clock() })).refusal).toBe(
      "48 lines in a circle came out no slower than 2: there is no step to read",
    );
    await expect(measureWays({ distances: [66] })).rejects.toThrow(
      "measureWays: distance must be a multiple of 4 bytes, got 66",
    );
    await expect(measureWays({ lines: [0] })).rejects.toThrow("measureWays: lines 0 must be a positive integer, got 0");
    await expect(measureWays({ signal: { aborted: true } })).rejects.toThrow(/stopped/);
  });
  it("measureChains: one row for each number of chains, with Little's law over the latency of one", async () => {
    const { rows } = await measureChains({ chains: [1, 2, 5], bytes: 4096 });
    expect(rows.map(({ chains, bytes }) => [chains, bytes])).toEqual([
      [1, 4096],
      [2, 4096],
      [5, 4096],
    ]);
    for (const { secondsPerLine, bytesPerSecond, inFlight } of rows) {
      expect(bytesPerSecond * secondsPerLine).toBeCloseTo(64, 9);
      expect(inFlight).toBeCloseTo(rows[0]!.secondsPerLine / secondsPerLine, 9);
    }
    await expect(measureChains({ chains: [2] })).rejects.toThrow("measureChains: chains must begin with 1, got 2");
    await expect(measureChains({ chains: [1, 0] })).rejects.toThrow("chains 0 must be a positive integer, got 0");
    await expect(measureChains({ bytes: 1024 })).rejects.toThrow(
      "measureChains: bytes must hold 32 lines of 64, got 1024",
    );
    await expect(measureChains({ bytes: 4096, signal: { aborted: true } })).rejects.toThrow(/stopped/);
  });
  it("measureChains refuses what contradicts itself", async () => {
    const row = (chains: number, inFlight: number) => ({
      chains,
      inFlight,
      bytes: 1,
      secondsPerLine: 1,
      bytesPerSecond: 64,
    });
    expect(chainsContradict([row(1, 1), row(2, 2.3), row(16, 16.5)])).toBeUndefined();
    expect(chainsContradict([row(1, 1), row(2, 9)])).toBe("2 chains came out to have 9.0 lines on their way");
    expect(chainsContradict([row(1, 1), row(2, 0.5)])).toBe("2 chains came out 2.00 times as slow a line as one");
    expect((await measureChains({ bytes: 4096, now: clock(() => 0.01), budgetSeconds: 0.05 })).refusal).toMatch(
      /^the budget of 0.05 s ended after \d+ of 10 points$/,
    );
  });
  it("measureFalseSharing counts from the farthest distance", async () => {
    const { rows } = await measureFalseSharing({ threads: 2, distances: [4, 64, 128], ...options });
    expect(rows.map(({ distance }) => distance)).toEqual([128, 64, 4]);
    for (const { secondsPerAddition, ratio } of rows) {
      expect(secondsPerAddition).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(0);
    }
  });
  it("measureMountain and measureStrides leave out walks that would read too little", async () => {
    const { rows, refusal } = await measureMountain({ bytes: [1024, 4096], strides: [1, 16, 128] });
    expect(refusal).toBeUndefined();
    expect(rows.filter(({ language }) => language === "wasm").map(({ bytes, stride }) => [bytes, stride])).toEqual([
      [1024, 1],
      [1024, 16],
      [4096, 1],
      [4096, 16],
      [4096, 128],
    ]);
    for (const { bytesPerSecond, secondsPerValue } of rows) expect(bytesPerSecond * secondsPerValue).toBeCloseTo(4, 9);
    expect(
      (await measureStrides({ bytes: 8192, strides: [2], languages: ["javascript"] })).rows.map(
        ({ bytes, stride, language }) => [bytes, stride, language],
      ),
    ).toEqual([[8192, 2, "javascript"]]);
  });
  it("say that a sweep is not whole where the budget ended before it", async () => {
    const now = clock(() => 0.01);
    expect((await measureMountain({ bytes: [4096], now, budgetSeconds: 1 })).refusal).toMatch(
      /^the budget of 1 s ended after \d+ of \d+ points$/,
    );
    expect((await measureWays({ now, budgetSeconds: 0.5 })).refusal).toMatch(
      /^the budget of 0.5 s ended after \d+ of 69 points$/,
    );
  });
  it("measureFalseSharing says that one thread shares with nobody", async () => {
    expect((await measureFalseSharing({ threads: 1, distances: [4, 64], ...options })).refusal).toBe(
      "one thread has nobody to share a cache line with",
    );
  });
  it("refuse sizes that are no positive integers", async () => {
    expect(() => measureTransposes({ rows: 0 })).toThrow("measureTransposes: rows must be a positive integer, got 0");
    await expect(measureMountain({ strides: [0] })).rejects.toThrow(
      "measureMountain: stride 0 must be a positive integer, got 0",
    );
  });
});
