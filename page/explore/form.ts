// The form: a model, a device, and the options. What is typed stays, whether it is in use or not.
import { deviceField, type Lists } from "./deviceField.js";
import { element } from "./element.js";
import { fields, groups } from "./fields.js";
import type { GivenFile, OptionName } from "./messages.js";
import { sourceField } from "./sourceField.js";
import type { View } from "./view.js";

export interface Form {
  readonly element: HTMLFormElement;
  read(): View;
  write(view: View): void;
  /** Files that were chosen or dropped; [] where there are none in use. */
  files(): readonly GivenFile[];
  useFiles(files: readonly GivenFile[]): void;
}

type Input = HTMLInputElement | HTMLSelectElement;

function inputOf(name: OptionName): Input {
  const { kind, hint, choices, list } = fields[name];
  if (kind === "choice") {
    const options = choices!.map((text) => element("option", { value: text }, text));
    return element("select", { name }, element("option", { value: "" }, hint ?? ""), ...options);
  }
  if (kind === "switch") return element("input", { name, type: "checkbox" });
  const keyboard = kind === "number" ? "numeric" : undefined;
  const spelling = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
  return element("input", { name, type: "text", inputmode: keyboard, placeholder: hint, list, ...spelling });
}

const suggestions = (id: string, texts: readonly string[]): HTMLElement =>
  element("datalist", { id }, ...texts.map((text) => element("option", { value: text })));

export function createForm(lists: Lists, changed: () => void): Form {
  const inputs = new Map<OptionName, Input>();
  const boxes: { names: readonly OptionName[]; details: HTMLDetailsElement }[] = [];
  const source = sourceField(changed);
  const device = deviceField(lists.devices);

  const grouped = groups.map(({ title, folded, names }) => {
    const rows = names.map((name) => {
      const input = inputOf(name);
      inputs.set(name, input);
      const isSwitch = fields[name].kind === "switch";
      const text = element("span", {}, fields[name].label);
      return element("label", isSwitch ? { class: "switch" } : {}, ...(isSwitch ? [input, text] : [text, input]));
    });
    const grid = element("div", { class: "fields" }, ...rows);
    if (!folded) return element("fieldset", {}, element("legend", {}, title), grid);
    const details = element("details", {}, element("summary", {}, title), grid);
    boxes.push({ names, details });
    return details;
  });

  const form = element("form", { "aria-label": "What to explore" }, source.element, device.element, ...grouped);
  form.append(
    suggestions("models", lists.models),
    suggestions("dtypes", lists.dtypes),
    suggestions("tools", lists.tools),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  const typedIn = (input: Input): string => {
    if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked ? "yes" : "";
    return input.value;
  };

  return {
    element: form,
    files: source.files,
    useFiles: source.useFiles,
    read: () => ({
      ...source.read(),
      device: device.read(),
      typed: Object.fromEntries(
        [...inputs].map(([name, input]) => [name, typedIn(input)] as const).filter(([, text]) => text.trim() !== ""),
      ),
    }),
    write(view) {
      source.write(view);
      device.write(view.device);
      for (const [name, input] of inputs) {
        const text = view.typed[name] ?? "";
        if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = text !== "";
        else choose(input, text);
      }
      for (const { names, details } of boxes)
        if (names.some((name) => view.typed[name] !== undefined)) details.open = true;
    },
  };
}

/** Sets a text; a choice that there is not is added, so that what an address says is asked as it stands. */
function choose(input: Input, text: string): void {
  if (input instanceof HTMLSelectElement && ![...input.options].some(({ value }) => value === text))
    input.append(element("option", { value: text }, text));
  input.value = text;
}
