// A page's side of measuring: workers made from this library's own text, and what a browser tells of its machine, which
// is little.
import { serve, type Served } from "../serve.js";
import { MeasurementRefused } from "../refused.js";
import type { Host } from "./host.js";

/** What this side asks of the browser; tests hand in their own. */
export interface Browser {
  readonly navigator?: {
    readonly userAgent?: string;
    readonly hardwareConcurrency?: number;
    readonly deviceMemory?: number;
  };
  readonly crossOriginIsolated?: boolean;
  readonly SharedArrayBuffer?: unknown;
  readonly document?: { readonly hidden: boolean; addEventListener(type: string, listener: () => void): void };
  readonly Worker?: unknown;
}

/** Whether the page is hidden, and how often it has become so. */
let hidden = false;
let times = 0;

/**
 * Tells what measures that its page is hidden, or is seen again: browsers slow down a page that nobody sees. The page
 * calls it where it measures itself, and in a worker that does.
 */
export function pageHidden(now: boolean): void {
  if (now && !hidden) times++;
  hidden = now;
}

/**
 * Starts watching whether the page is hidden; what comes back says so in a sentence, where it was since. What was
 * measured meanwhile is not this machine's best.
 */
export function pageSpoiled(): () => string | undefined {
  const [before, was] = [times, hidden];
  return () =>
    was || times > before
      ? "the page was in the background for a while, where browsers slow it down: it must stay in front"
      : undefined;
}

/** "Linux, Chrome 156" of what a browser says of itself. */
export function browserName(userAgent: string): string {
  const system = /Android|iPhone|iPad|Windows|Mac OS X|CrOS|Linux/.exec(userAgent)?.[0].replace("Mac OS X", "macOS");
  const found = /(Firefox|Edg|Chrome|Version)\/(\d+)/.exec(userAgent.replace(/.*(?= Edg\/)/, ""));
  const names: Readonly<Record<string, string>> = { Edg: "Edge", Version: "Safari" };
  const name = found ? `${names[found[1]!] ?? found[1]} ${found[2]}` : "a browser";
  return system === undefined ? name : `${system}, ${name}`;
}

/** Why there is but one thread; undefined where there may be more. */
function aloneBecause({ crossOriginIsolated, SharedArrayBuffer, document, Worker }: Browser): string | undefined {
  if (!crossOriginIsolated || SharedArrayBuffer === undefined)
    return "its threads share no memory (the page is not cross-origin isolated, and a file from the disk never is)";
  if (document !== undefined) return "a page's own thread may not wait for others (a worker may)";
  return Worker === undefined ? "this browser's workers start no workers" : undefined;
}

export function pageHost(browser: Browser = globalThis as Browser): Host {
  const { navigator = {}, document } = browser;
  const alone = aloneBecause(browser);
  const cores = navigator.hardwareConcurrency ?? 1;
  document?.addEventListener("visibilitychange", () => pageHidden(document.hidden));
  if (document) pageHidden(document.hidden);
  const noNative = "Native kernels are left out: a page cannot load native code.";
  const lacks = [
    ...(alone === undefined ? [] : [`One thread was measured: ${alone}.`]),
    "A page is told neither the processor's name nor its caches nor its hardware counters: levels are numbered as " +
      "they were found.",
  ];

  async function thread(data: Served): Promise<void> {
    const script =
      `addEventListener("message", (event) => {\n` +
      `  (${serve})(event.data, () => postMessage("ready"));\n  close();\n}, { once: true });`;
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(address);
    try {
      await new Promise<void>((resolve, reject) => {
        worker.onmessage = () => resolve();
        worker.onerror = () => reject(new MeasurementRefused("pool: a worker must start, got an error"));
        worker.postMessage(data);
      });
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  return {
    place: browserName(navigator.userAgent ?? ""),
    engine: "browser has no relaxed SIMD",
    system: "browser, which rounds it and may tell less than there is",
    processor: "this computer",
    cores,
    threads: alone === undefined ? cores : 1,
    shares: alone === undefined,
    memory: navigator.deviceMemory === undefined ? undefined : navigator.deviceMemory * 2 ** 30,
    lacks,
    thread,
    turn: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(0);
      }),
    text: () => undefined,
    names: () => undefined,
    busy: () => undefined,
    native: () => Promise.resolve(noNative),
    watch: pageSpoiled,
  };
}
