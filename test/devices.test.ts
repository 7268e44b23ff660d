import { describe, expect, it } from "vitest";
import { device, devices, dtypes, measuredAnchors, type Device } from "../lib/index.js";
import { within } from "./devices/within.js";

const all = Object.values(devices);
/** Every figure of a device with the path of its source. */
const figures = (d: Device): [string, number][] => [
  ...Object.entries(d.peakFlops).map(([k, v]) => [`peakFlops.${k}`, v] as [string, number]),
  ["bandwidth", d.bandwidth],
  ...(d.memory === undefined ? [] : [["memory", d.memory] as [string, number]]),
  ...(d.tdp === undefined ? [] : [["tdp", d.tdp] as [string, number]]),
  ...Object.entries(d.caches ?? {}).map(([k, v]) => [`caches.${k}`, v] as [string, number]),
];

describe("devices", () => {
  it("lists each under its own id", () => {
    for (const [id, d] of Object.entries(devices)) {
      expect(d.id).toBe(id);
      expect(d.name.length).toBeGreaterThan(3);
    }
  });

  it("gives a source to every figure, and to nothing else", () => {
    for (const d of all)
      expect(Object.keys(d.sources).sort(), d.id).toEqual(
        figures(d)
          .map(([path]) => path)
          .sort(),
      );
  });

  it("carries a doubt beside every figure that was not read", () => {
    const bare = all.flatMap((d) =>
      Object.entries(d.sources)
        .filter(([, s]) => s.status === "from_memory" && !s.doubt)
        .map(([path]) => `${d.id} ${path}`),
    );
    expect(bare).toEqual([]);
    const unsaid = all.flatMap((d) =>
      Object.entries(d.sources)
        .filter(([, s]) => s.status === "derived" && !s.note)
        .map(([path]) => `${d.id} ${path}`),
    );
    expect(unsaid).toEqual([]);
  });

  it("is in base units, in formats that exist, of plausible size", () => {
    for (const d of all) {
      for (const dtype of Object.keys(d.peakFlops)) expect(dtypes).toContain(dtype);
      for (const peak of Object.values(d.peakFlops)) {
        expect(peak).toBeGreaterThan(1e11);
        expect(peak).toBeLessThan(2e16);
      }
      expect(d.bandwidth).toBeGreaterThan(1e10);
      expect(d.bandwidth).toBeLessThan(1e13);
      if (d.memory !== undefined) expect(d.memory).toBeGreaterThan(4e9);
      if (d.tdp !== undefined) {
        expect(d.tdp).toBeGreaterThan(4);
        expect(d.tdp).toBeLessThan(2000);
      }
      for (const bytes of Object.values(d.caches ?? {})) {
        expect(bytes).toBeGreaterThan(3e4);
        expect(bytes).toBeLessThan(1e9);
      }
    }
  });

  it("never has a narrower format slower than a wider one of its kind", () => {
    const narrowing = ["fp64", "fp32", "tf32", "bf16", "fp8", "fp4"] as const;
    for (const d of all) {
      const peaks = narrowing.map((k) => d.peakFlops[k]).filter((p) => p !== undefined);
      expect(
        [...peaks].sort((a, b) => a - b),
        d.id,
      ).toEqual(peaks);
    }
  });
});

describe("device(id)", () => {
  it("ignores case, dashes, underscores and blanks", () => {
    for (const id of ["h100-sxm", "H100_SXM", "h100sxm", "H100 SXM"]) expect(device(id)).toBe(devices["h100-sxm"]);
  });
  it("has ids that stay apart when dashes go", () =>
    expect(new Set(Object.keys(devices).map((id) => id.replace(/[-_]/g, ""))).size).toBe(all.length));
  it.each(["h100", "", "toString", "__proto__", "<b>"])("refuses %j and lists the known ids", (id) => {
    expect(() => device(id)).toThrow(RangeError);
    expect(() => device(id)).toThrow(/^device: id must be one of .*h100-sxm/);
  });
  it.each([undefined, null, 3, {}])("refuses %j", (id) => expect(() => device(id as never)).toThrow(RangeError));
});

it("measuredAnchors are shares of a figure that the table has", () => {
  for (const a of measuredAnchors) {
    const d = device(a.device);
    const spec = a.of === "bandwidth" ? d.bandwidth : d.peakFlops[a.of.replace("peakFlops.", "") as "bf16"]!;
    expect(within(a.value / spec, a.ofSpec, 0.01), `${a.device} ${a.quantity}: ${a.value / spec}`).toBe(true);
    expect(a.ofSpec).toBeLessThan(1);
    expect(a.source).not.toBe("");
  }
});
