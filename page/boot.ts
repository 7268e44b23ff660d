// What every lecture's page runs at once: it adds the buttons, and loads the rest when the reader first uses one, or
// has edited the lecture before. The rest stands in the page as text, so that until then nobody parses it.
import type { open } from "./lecture.js";
import { program, textOf } from "./program.js";
import { addBar, addHead, cellsOf, exerciseIn, sourceOf, type Deed } from "./view/bar.js";
import { followReader } from "./view/contents.js";
import { addCopy } from "./view/copy.js";
import { fitTables } from "./view/tables.js";

let opened: Promise<ReturnType<typeof open>> | undefined;

/** The page's own code, once. */
function opening(): Promise<ReturnType<typeof open>> {
  opened ??= loaded();
  return opened;
}

async function loaded(): Promise<ReturnType<typeof open>> {
  const [own, worker] = await Promise.all([program("live-page"), program("live-worker")]);
  const address = URL.createObjectURL(new Blob([own], { type: "text/javascript" }));
  const page = (await import(/* @vite-ignore */ address)) as { open: typeof open };
  const { name, records } = JSON.parse(textOf("live-lecture")) as { name: string; records: [] };
  return page.open({ name, records, program: worker, measuring: () => program("live-measuring") });
}

const cells = cellsOf();
cells.forEach((section, i) => {
  addBar(section, i);
  const written = sourceOf(section);
  addCopy(section, `cell ${i + 1}`, async () => (opened ? (await opened).source(i) : written));
});
followReader();
fitTables(document);
const exercises = cells.filter((section) => exerciseIn(sourceOf(section))).length;
addHead(exercises, document.getElementById("live-measuring") !== null);
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("button[data-does]");
  if (!button) return;
  const section = button.closest<HTMLElement>("section[data-cell]");
  opening()
    .then((page) => page.act(button.dataset.does as Deed, section ? cells.indexOf(section) : -1))
    .catch(tell);
});

/** A browser that lacks what the page needs; the lecture reads on without. */
function tell(error: unknown): void {
  const line = `This browser does not run the page's code (${String(error)}); a newer one does.`;
  document.querySelector(".live p")!.textContent = line;
}
try {
  const { name } = JSON.parse(textOf("live-lecture")) as { name: string };
  if (localStorage.getItem(`ridgepoint/${name}`)) opening().catch(tell);
} catch {
  // a browser that keeps nothing
}
