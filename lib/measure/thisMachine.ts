// Which machine a measurement was made on, in one line: a figure without it cannot be compared.
import { host } from "../kernels/host/host.js";

/**
 * The processor's name, as far as the system tells it. Virtual machines often give a maker and a line only ("AMD
 * EPYC"): where no digit tells the generation, family and model are added ("AMD EPYC (family 26, model 2)").
 */
export function processorName(): string {
  const name = host().processor;
  if (/\d/.test(name)) return name;
  const generation = generationOf(host().text("/proc/cpuinfo") ?? "");
  return generation === undefined ? name : `${name} (${generation})`;
}

/** "family 26, model 2" from the text of /proc/cpuinfo, where it holds both. */
export function generationOf(text: string): string | undefined {
  const family = /^cpu family\s*:\s*(\d+)$/m.exec(text)?.[1];
  const model = /^model\s*:\s*(\d+)$/m.exec(text)?.[1];
  return family === undefined || model === undefined ? undefined : `family ${family}, model ${model}`;
}

/** "AMD EPYC (family 26, model 2), 2 cores, linux x64, Node 20.20.2"; in a page "this computer, …, Chrome 156". */
export function thisMachine(): string {
  const { cores: count, place } = host();
  return `${processorName()}, ${count} core${count === 1 ? "" : "s"}, ${place}`;
}
