// What is asked about: a name, a configuration's text, or files. Each keeps what was given, and one is in use.
import { element } from "./element.js";
import { chosenFiles } from "./files.js";
import type { GivenFile } from "./messages.js";
import type { View } from "./view.js";

type Use = View["use"];
type Part = Pick<View, "use" | "model" | "config" | "files">;

/** Of a configuration that an address can hold. */
const mostText = 64_000;

export interface SourceField {
  readonly element: HTMLElement;
  read(): Part;
  write(part: Part): void;
  files(): readonly GivenFile[];
  useFiles(files: readonly GivenFile[]): void;
}

export function sourceField(changed: () => void): SourceField {
  const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
  const name = element("input", { name: "model", type: "text", list: "models", ...plain });
  const text = element("textarea", { name: "config", rows: 8, spellcheck: "false", placeholder: '{"model_type": …}' });
  const some = element("input", { type: "file", multiple: true, name: "files" });
  const folder = element("input", { type: "file", webkitdirectory: true, name: "folder" });
  const said = element("p", { class: "said", role: "status" });
  const copy = element("button", { type: "button", hidden: true }, "Use its text, so that a link can hold it");
  const panels: Readonly<Record<Use, HTMLElement>> = {
    model: element("label", {}, element("span", {}, "Name"), name),
    config: element("label", {}, element("span", {}, "Text of a config.json"), text),
    files: element(
      "div",
      {},
      element(
        "p",
        { class: "said" },
        "config.json, .onnx, .gguf, .safetensors, or a folder's files; or drop them anywhere on this page. " +
          "They are read here, of weights the header alone, and never leave this machine.",
      ),
      element("label", {}, element("span", {}, "Files"), some),
      element("label", {}, element("span", {}, "A folder"), folder),
      said,
      copy,
    ),
  };
  const words: Readonly<Record<Use, string>> = { model: "by name", config: "configuration", files: "files" };
  const radios = Object.fromEntries(
    (Object.keys(words) as Use[]).map((use) => [use, element("input", { type: "radio", name: "use", value: use })]),
  ) as Record<Use, HTMLInputElement>;
  let given: readonly GivenFile[] = [];
  /** Of an address that was made for files, which are not here. */
  let missing: readonly string[] = [];

  const current = (): Use => (Object.keys(radios) as Use[]).find((use) => radios[use].checked) ?? "model";
  function show(): void {
    for (const [use, panel] of Object.entries(panels)) panel.hidden = use !== current();
    const names = given.map(({ path }) => path);
    const listed = names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    const lost = missing.length > 0 && given.length === 0 ? missing.join(", ") : "";
    if (lost) said.textContent = `A link cannot hold a file: choose ${lost}, which the link was made for, once more.`;
    else said.textContent = listed ? `In use: ${listed}. A link to this view holds the name, not the file.` : "";
    copy.hidden = !(given.length === 1 && /\.json$/i.test(names[0]!) && given[0]!.blob.size <= mostText);
  }
  const use = (which: Use): void => {
    radios[which].checked = true;
    show();
  };
  function useFiles(files: readonly GivenFile[]): void {
    given = files;
    use("files");
    changed();
  }
  for (const input of [some, folder])
    input.addEventListener("change", () => {
      if (input.files?.length) useFiles(chosenFiles(input));
    });
  for (const radio of Object.values(radios)) radio.addEventListener("change", show);
  copy.addEventListener("click", () => {
    void given[0]!.blob.text().then((content) => {
      text.value = content;
      use("config");
      text.focus();
      changed();
    });
  });

  return {
    element: element(
      "fieldset",
      {},
      element("legend", {}, "Model"),
      element(
        "div",
        { class: "uses", role: "radiogroup", "aria-label": "Where the model comes from" },
        ...(Object.keys(words) as Use[]).map((each) =>
          element("label", { class: "switch" }, radios[each], element("span", {}, words[each])),
        ),
      ),
      ...Object.values(panels),
    ),
    read: () => ({
      use: current(),
      model: name.value.trim(),
      config: text.value,
      files: given.length > 0 ? given.map(({ path }) => path) : missing,
    }),
    write(part) {
      if (part.use === "model" || part.model !== "") name.value = part.model;
      if (part.use === "config" || part.config !== "") text.value = part.config;
      missing = part.files;
      use(part.use);
    },
    files: () => given,
    useFiles,
  };
}
