// Node's side of measuring. Its modules are asked of the process by name: an import would reach a page's bundle, where
// nothing answers it.
import { serve, type Served } from "../serve.js";
import { MeasurementRefused } from "../refused.js";
import type { Host } from "./host.js";

// A name in a variable, so that neither the compiler nor a bundler insists on a package that may be absent.
const packageName = "onnxruntime-node";

/** Node's side, where there is Node. */
export function nodeHost(): Host | undefined {
  const builtin = typeof process === "undefined" ? undefined : process.getBuiltinModule;
  if (builtin === undefined) return undefined;
  const [fs, os, threads] = [builtin("fs"), builtin("os"), builtin("worker_threads")];
  const quietly = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };

  /** The script of another thread: a text, since the sources of this library may be TypeScript in memory. */
  const script =
    `const { parentPort, workerData } = process.getBuiltinModule("worker_threads");\n` +
    `(${serve})(workerData, () => parentPort.postMessage("ready"));`;

  async function thread(data: Served): Promise<void> {
    const worker = new threads.Worker(script, { eval: true, workerData: data, execArgv: [] });
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
      worker.once("exit", (code) => {
        if (code !== 0) reject(new MeasurementRefused(`pool: a worker must start, got exit code ${code}`));
      });
    });
    worker.unref();
  }

  async function native(): Promise<unknown> {
    // Unless told not to, the library writes an identifier into the reader's home folder and reports to its maker.
    // Whoever wants that sets it to 0.
    process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
    try {
      const module = await import(/* @vite-ignore */ packageName);
      return module.default ?? module;
    } catch {
      return undefined;
    }
  }

  return {
    place: `${os.platform()} ${os.arch()}, Node ${process.versions.node}`,
    engine: "Node has no relaxed SIMD (22 and newer have)",
    system: "operating system",
    get processor() {
      return os.cpus()[0]?.model.trim() || os.arch();
    },
    get cores() {
      return os.cpus().length;
    },
    get threads() {
      return os.availableParallelism();
    },
    shares: true,
    get memory() {
      const limit = process.constrainedMemory();
      return limit > 0 ? Math.min(os.totalmem(), limit) : os.totalmem();
    },
    lacks: [],
    thread,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    text: (path) => quietly(() => fs.readFileSync(path, "utf8")),
    names: (folder) => quietly(() => fs.readdirSync(folder)),
    busy() {
      const all = os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1e3;
      const { user, system } = process.cpuUsage();
      return { all, own: (user + system) / 1e6 };
    },
    native,
    watch: () => () => undefined,
  };
}
