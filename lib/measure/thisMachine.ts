// Which machine a measurement was made on, in one line: a figure without it cannot be compared.
import { arch, cpus, platform } from "node:os";

/** "AMD EPYC, 2 cores, linux x64, Node 20.20.2". */
export const thisMachine = (): string => {
  const list = cpus();
  return `${list[0]?.model.trim() || arch()}, ${list.length} core${list.length === 1 ? "" : "s"}, ${platform()} ${arch()}, Node ${process.versions.node}`;
};
