// The device: one of the table, figures typed in, or one that was added, such as this machine once it is measured.
import { element } from "./element.js";
import { machineField } from "./machineField.js";

/** What the form suggests; put into the page by build.mjs. */
export interface Lists {
  readonly models: readonly string[];
  readonly devices: readonly { readonly id: string; readonly name: string; readonly kind: string }[];
  readonly dtypes: readonly string[];
  readonly tools: readonly string[];
}

export interface DeviceField {
  readonly element: HTMLElement;
  /** An id, figures as JSON, or "". */
  read(): string;
  write(device: string): void;
}

const own = "own";
const example = '{"name": "mine", "peakFlops": {"bf16": 1e14}, "bandwidth": 1e12, "memory": 24e9}';
const kinds: Readonly<Record<string, string>> = {
  gpu: "GPUs",
  tpu: "TPUs",
  cpu: "CPUs",
  soc: "Whole chips",
  npu: "Neural engines",
};

export function deviceField(devices: Lists["devices"]): DeviceField {
  const groups = Object.entries(kinds).map(([kind, label]) => {
    const listed = devices.filter((each) => each.kind === kind);
    return element("optgroup", { label }, ...listed.map(({ id, name }) => element("option", { value: id }, name)));
  });
  const added = element("optgroup", { label: "Added", hidden: true });
  const select = element(
    "select",
    { name: "device" },
    element("option", { value: "" }, "none: count only"),
    element("option", { value: own }, "figures of your own …"),
    added,
    ...groups,
  );
  const figures = element("textarea", { name: "figures", rows: 5, spellcheck: "false", placeholder: example });
  const label = element(
    "label",
    { hidden: true },
    element("span", {}, "Its figures as JSON: FLOP/s, byte/s, bytes"),
    figures,
  );
  const show = (): void => {
    label.hidden = select.value !== own;
  };
  select.addEventListener("change", () => {
    show();
    if (select.value === own && figures.value.trim() === "") figures.value = example;
  });
  const write = (device: string): void => {
    const listed = [...select.options].some(({ value }) => value === device && value !== own);
    select.value = listed ? device : own;
    if (!listed) figures.value = device;
    show();
  };
  /** Adds a device of one's own to the list, `text` being its JSON, and chooses it. */
  function addDevice(name: string, text: string): void {
    const before = [...added.children].find((each) => each.textContent === name);
    before?.remove();
    added.append(element("option", { value: text }, name));
    added.hidden = false;
    write(text);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return {
    element: element(
      "fieldset",
      {},
      element("legend", {}, "Device"),
      element("label", {}, element("span", {}, "Of the table"), select),
      label,
      machineField(addDevice),
    ),
    read: () => (select.value === own ? figures.value.trim() : select.value),
    write,
  };
}
