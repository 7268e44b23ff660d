// The control that chooses a device of the table, by the name that a reader knows.
import { device, devices } from "../devices.js";
import type { Device } from "../roofline.js";
import type { Control } from "./controls.js";

/** Every listed device by name, the one of id `first` chosen at first; those of ids `beforehand` are its states. */
export function deviceControl(first: string, beforehand: readonly string[]): Control {
  const values = Object.values(devices).map(({ name }) => name);
  return {
    name: "device",
    label: "Device",
    values,
    start: values.indexOf(device(first).name),
    kind: "select",
    states: beforehand.map((id) => device(id).name),
  };
}

/** The device of that name. */
export const deviceNamed = (name: string | number): Device =>
  Object.values(devices).find((each) => each.name === name) ?? device(String(name));
