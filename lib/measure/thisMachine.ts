// Which machine a measurement was made on, in one line: a figure without it cannot be compared.
import { readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";

/**
 * The processor's name, as far as the system tells it. Virtual machines often give a maker and a line only ("AMD
 * EPYC"): where no digit tells the generation, family and model are added ("AMD EPYC (family 26, model 2)").
 */
export function processorName(): string {
  const name = cpus()[0]?.model.trim() || arch();
  if (/\d/.test(name)) return name;
  const generation = generationOf(cpuinfo());
  return generation === undefined ? name : `${name} (${generation})`;
}

/** "family 26, model 2" from the text of /proc/cpuinfo, where it holds both. */
export function generationOf(text: string): string | undefined {
  const family = /^cpu family\s*:\s*(\d+)$/m.exec(text)?.[1];
  const model = /^model\s*:\s*(\d+)$/m.exec(text)?.[1];
  return family === undefined || model === undefined ? undefined : `family ${family}, model ${model}`;
}

function cpuinfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

/** "AMD EPYC (family 26, model 2), 2 cores, linux x64, Node 20.20.2". */
export function thisMachine(): string {
  const count = cpus().length;
  const cores = `${count} core${count === 1 ? "" : "s"}`;
  return `${processorName()}, ${cores}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
