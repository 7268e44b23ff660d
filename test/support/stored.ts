// The site as it is exported from the notebooks with their stored outputs, without a kernel.
import { cpSync, existsSync } from "node:fs";
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
    const { status, stderr } = await finished(python, ["-c", script, join(root, "scripts"), site]);
    if (status !== 0) throw new Error(`the site must be exported, got ${stderr}`);
  }
  cpSync(site, folder, { recursive: true });
}
