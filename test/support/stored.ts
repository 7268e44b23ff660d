// The site as it is exported from the notebooks with their stored outputs, without a kernel.
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { finished, python, root } from "./hosts.js";

const script = `
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from export import export_site
from lectures import read, root
paths = sorted((root / "notebooks").glob("*.ipynb"))
export_site([(path, read(path)) for path in paths], Path(sys.argv[2]))
`;

/** Writes the site into `folder`, which is made. It is exported once for all tests of a run. */
export async function exportStored(folder: string): Promise<void> {
  const site = inject("storedSite");
  if (!existsSync(site)) {
    const own = `${site}-${process.pid}`;
    const { status, stderr } = await finished(python, ["-c", script, join(root, "scripts"), own]);
    if (status !== 0) throw new Error(`the site must be exported, got ${stderr}`);
    try {
      renameSync(own, site);
    } catch (error) {
      // Another file's tests, beside these, were first.
      if (!existsSync(site)) throw error;
      rmSync(own, { recursive: true });
    }
  }
  cpSync(site, folder, { recursive: true });
}
