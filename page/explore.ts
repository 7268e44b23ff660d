// explore.html: any model on any device, asked as the command line is asked. The form and the answer stand in the page;
// what is asked is answered by a worker, whose program stands in the page packed. Nothing is sent anywhere.
import { createAsker, type Said } from "./explore/asker.js";
import type { Lists } from "./explore/deviceField.js";
import { element } from "./explore/element.js";
import { droppedFiles } from "./explore/files.js";
import { createForm } from "./explore/form.js";
import type { Question } from "./explore/messages.js";
import { resultsOf } from "./explore/results.js";
import { firstView, hashOf, textsOf, viewOf, type View } from "./explore/view.js";
import { program } from "./program.js";

/** Put in its place by build.mjs. */
declare const ridgepointLists: Lists;

/** Milliseconds of rest after which what was typed is asked. */
const rest = 150;
/** Milliseconds after which the page says that it still reads. */
const patience = 400;

const status = element("p", { role: "status", class: "answer" });
const link = element("a", { href: "#" }, "A link to this view");
const results = element("div", { class: "results" });
const form = createForm(ridgepointLists, later);
let ask: ((question: Question) => void) | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let waits: ReturnType<typeof setTimeout> | undefined;
let asked = "";

function later(): void {
  clearTimeout(timer);
  timer = setTimeout(now, rest);
}

function say(text: string, refused = false): void {
  clearTimeout(waits);
  status.textContent = text;
  status.classList.toggle("refused", refused);
}

/** What the view asks about; a sentence where it asks nothing. */
function sourceOf({ use, model, config }: View): Question["source"] | { nothing: string } {
  if (use === "model") return model || { nothing: "Type a model's name, such as resnet50." };
  if (use === "config") {
    const blob = new Blob([config]);
    return config.trim() ? [{ path: "config.json", blob }] : { nothing: "Put in the text of a config.json." };
  }
  const files = form.files();
  return files.length > 0 ? files : { nothing: "Choose files or a folder, or drop them on this page." };
}

function now(): void {
  clearTimeout(timer);
  const view = form.read();
  const hash = `#${hashOf(view)}`;
  link.href = hash;
  history.replaceState(null, "", hash);
  const source = sourceOf(view);
  if (typeof source === "object" && "nothing" in source) {
    asked = "";
    results.replaceChildren();
    return say(source.nothing);
  }
  const width = Math.max(280, Math.min(720, Math.floor(results.clientWidth)));
  const question = { source, device: view.device, options: textsOf(view.typed), width };
  // Files of one name may differ, so they are asked each time.
  const same = `${hash} ${width}`;
  if (view.use !== "files" && same === asked) return;
  asked = same;
  results.setAttribute("aria-busy", "true");
  clearTimeout(waits);
  waits = setTimeout(() => say("Reading …"), patience);
  ask?.(question);
}

function hear({ report, failed }: Said): void {
  results.removeAttribute("aria-busy");
  if (report === undefined) return say(`The page could not answer: ${failed ?? "no reason is known"}`, true);
  const open = [...results.querySelectorAll("details")].map((each) => each.open);
  results.replaceChildren(...resultsOf(report));
  results.querySelectorAll("details").forEach((each, i) => {
    each.open = open[i] ?? false;
  });
  say(report.said, report.refused);
}

function start(code: string): void {
  ask = createAsker(code, hear);
  document.querySelector(".without")?.remove();
  const answer = element("div", { class: "answers" }, status, element("p", { class: "link" }, link), results);
  document.querySelector("main .explore")!.append(form.element, answer);
  form.write(viewOf(location.hash) ?? firstView);
  now();
}

addEventListener("hashchange", () => {
  const view = viewOf(location.hash);
  if (!view) return;
  form.write(view);
  now();
});
addEventListener("resize", later);
addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  droppedFiles(event.dataTransfer).then(
    (files) => files.length > 0 && form.useFiles(files),
    (error: unknown) => say(`What was dropped cannot be read: ${String(error)}`, true),
  );
});
program("live-worker").then(start, (error: unknown) => {
  const place = document.querySelector(".without");
  if (place) place.textContent = `This browser does not run the page's code (${String(error)}); a newer one does.`;
});
