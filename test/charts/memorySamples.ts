// Samples of the charts of a memory.
import { hierarchyChart, type Chart } from "../../lib/charts/index.js";

export const memorySamples: Readonly<Record<string, Chart>> = {
  hierarchy: hierarchyChart(
    [
      { name: "L1", bytes: 46_400, latency: 9.24e-10, bandwidth: 545e9 },
      { name: "L2", bytes: 1.48e6, latency: 3.3e-9, bandwidth: 206e9 },
      { name: "L3", bytes: 23.7e6, latency: 9.2e-9, bandwidth: 171e9 },
      { name: "DRAM", bytes: 25.3e9, latency: 125e-9, bandwidth: 56.6e9 },
    ],
    { title: "The memory of one machine, to scale" },
  ),
};
