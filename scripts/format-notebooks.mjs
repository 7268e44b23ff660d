// npm run format: the code cells of the notebooks by Prettier, at the width that a page shows without scrolling.
// Outputs and ids stay. With --check it only names the cells that are not formatted, and ends with 1.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const folder = fileURLToPath(new URL("../notebooks", import.meta.url));
const options = { parser: "typescript", printWidth: 100, objectWrap: "collapse" };

/** A cell's source as Prettier writes it. A notebook keeps no line break at its end. */
export async function formatted(source) {
  const text = await format(source, options);
  return text.trimEnd();
}

/** A text as nbformat keeps it: its lines, each with its line break. */
const asLines = (text) => text.split(/(?<=\n)/);

async function main(check) {
  const wrong = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
    const path = join(folder, name);
    const notebook = JSON.parse(readFileSync(path, "utf8"));
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.cell_type !== "code") continue;
      const source = [cell.source].flat().join("");
      const wanted = await formatted(source);
      if (wanted === source) continue;
      wrong.push(`${name}, cell ${index + 1}`);
      cell.source = asLines(wanted);
    }
    if (!check) writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`);
  }
  return wrong;
}

const check = process.argv.includes("--check");
const wrong = await main(check);
if (wrong.length > 0)
  console.log(check ? `not formatted (npm run format):\n${wrong.join("\n")}` : `formatted ${wrong.length} cells`);
if (check && wrong.length > 0) process.exitCode = 1;
