// The site as it is exported from the notebooks with their stored outputs, without a kernel.
import { join } from "node:path";
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

/** Writes the site into `folder`, which is made. */
export async function exportStored(folder: string): Promise<void> {
  const { status, stderr } = await finished(python, ["-c", script, join(root, "scripts"), folder]);
  if (status !== 0) throw new Error(`the site must be exported, got ${stderr}`);
}
