// What the system says of its data caches, where it says anything (Linux). Only names come from here: where a level
// ends, and how fast it is, is measured.
import { host } from "../kernels/host/host.js";

/** A data cache of one core by the system's word: its level from 1, and its size in bytes. */
export interface SystemCache {
  readonly level: number;
  readonly bytes: number;
}

const folder = "/sys/devices/system/cpu/cpu0/cache";

/** The data caches of the first core, the smallest first; none where the system does not tell. */
export function systemCaches(): SystemCache[] {
  const caches: SystemCache[] = [];
  for (const name of entries()) {
    const type = content(`${name}/type`);
    const size = /^(\d+)([KM])$/.exec(content(`${name}/size`) ?? "");
    const level = Number(content(`${name}/level`));
    if (type === "Instruction" || size === null || !(level > 0)) continue;
    caches.push({ level, bytes: Number(size[1]) * (size[2] === "K" ? 2 ** 10 : 2 ** 20) });
  }
  return caches.sort((a, b) => a.bytes - b.bytes);
}

const entries = (): readonly string[] => (host().names(folder) ?? []).filter((name) => name.startsWith("index"));

const content = (path: string): string | undefined => host().text(`${folder}/${path}`)?.trim();
