// A page's side of measuring, without a browser: no memory is shared, no native code, and what is told is little.
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import {
  cost,
  kernels,
  matmulIjk,
  matmulThreads,
  measureFalseSharing,
  measureMachine,
  nativeMissing,
  pageHidden,
  thisMachine,
} from "../../lib/index.js";
import { hostMeasuring } from "../../lib/kernels/host/host.js";
import { browserName, pageHost, type Browser } from "../../lib/kernels/host/page.js";
import { workspace } from "../../lib/kernels/wasm/workspace.js";

const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const page = (more: Browser = {}) => pageHost({ navigator: { userAgent, hardwareConcurrency: 8 }, ...more });

afterEach(() => {
  hostMeasuring();
  pageHidden(false);
});

describe("in a page without SharedArrayBuffer", () => {
  it("kernels run on one thread, in memory of their own, and compute what they compute elsewhere", async () => {
    hostMeasuring(page());
    expect(Object.prototype.toString.call((workspace(65536).memory as WebAssembly.Memory).buffer)).toBe(
      "[object ArrayBuffer]",
    );
    const shape = { m: 33, n: 35, k: 37 };
    const args = await matmulThreads.prepare(shape);
    expect(matmulThreads.threads).toBe(1);
    expect(await matmulThreads.run(args)).toEqual(await matmulIjk.run(await matmulIjk.prepare(shape)));
    await matmulThreads.release!(args);
    await expect(Promise.resolve(kernels["read/wasm"]!.prepare({ elements: 1024, threads: 2 }))).rejects.toThrow(
      "pool: threads must be 1 where they share no memory, got 2",
    );
    expect((await measureFalseSharing({ rounds: 3, budgetSeconds: 0.2 })).refusal).toMatch(/one thread has nobody/);
  });

  it("the machine is a Device with the same figures, and says in a sentence each what is lacking", async () => {
    hostMeasuring(page());
    const machine = await measureMachine({ quick: true, budgetSeconds: 1 });
    expect([machine.threads, machine.levels.at(-1)!.level, Object.keys(machine.roofs)]).toEqual([
      1,
      "DRAM",
      ["javascript", "wasm"],
    ]);
    expect([machine.name, thisMachine()]).toEqual([
      "this computer, 1 thread",
      "this computer, 8 cores, Linux, Chrome 156",
    ]);
    expect([machine.memory, machine.levels.at(-1)!.bytes]).toEqual([undefined, Infinity]);
    const notes = machine.notes.join("\n");
    expect(notes).toMatch(/^Native kernels are left out: a page cannot load native code\.$/m);
    expect(notes).toMatch(/^One thread was measured: .*not cross-origin isolated, and a file from the disk never is/m);
    expect(notes).toMatch(/^A page is told neither the processor's name nor its caches nor its hardware counters/m);
    expect(await nativeMissing()).toBe("Native kernels are left out: a page cannot load native code.");
    hostMeasuring();
    expect(thisMachine()).toMatch(/Node \d/);
  }, 120_000);

  it("figures of a page that was hidden meanwhile are refused", async () => {
    hostMeasuring(page());
    const onProgress = ({ fraction }: { fraction: number }) => pageHidden(fraction < 0.5);
    const { refusal } = await measureMachine({ quick: true, budgetSeconds: 0.5, onProgress });
    expect(refusal).toMatch(/^the page was in the background for a while/);
  }, 120_000);
});

describe("threads in a page", () => {
  const isolated = { crossOriginIsolated: true, SharedArrayBuffer, Worker };
  const document = { hidden: false, addEventListener: () => {} };
  it.each([
    ["are as many as there are cores in an isolated worker", isolated, 8, /^$/],
    ["are one on the page's own thread", { ...isolated, document }, 1, /a page's own thread may not wait/],
    ["are one where workers start none", { ...isolated, Worker: undefined }, 1, /workers start no workers/],
    ["are one where nothing is shared", { crossOriginIsolated: true, Worker }, 1, /not cross-origin isolated/],
  ] as [string, Browser, number, RegExp][])("%s", (_, browser, threads, lack) => {
    const host = page(browser);
    expect([host.threads, host.shares]).toEqual([threads, threads > 1]);
    expect(host.lacks.filter((sentence) => sentence.startsWith("One thread")).join()).toMatch(lack);
  });
});

it("memory is what the browser tells, where it does", () => {
  expect(page({ navigator: { deviceMemory: 8 } }).memory).toBe(8 * 2 ** 30);
  expect(page().memory).toBeUndefined();
});

it.each([
  [userAgent, "Linux, Chrome 156"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Windows, Firefox 140"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605",
    "macOS, Safari 18",
  ],
  [`${userAgent} Edg/155.0.0.0`, "Linux, Edge 155"],
  ["", "a browser"],
])("browserName(%j)", (agent, name) => {
  expect(browserName(agent)).toBe(name);
});

it("a kernel's cost is the same wherever it runs", () => {
  expect(cost(kernels["chains/wasm"]!.op({ steps: 10 })).flops).toBe(10 * 96);
});
