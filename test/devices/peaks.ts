// Where each peak of the device table comes from: clock x units x FLOP per clock and unit, from what is public of the
// chip, not from the peak; or, where that is not to be had or does not agree, the doubt in one sentence. Read for this
// table were Google's pages, L40S's data sheet, PyTorch's properties of an A10G and TechPowerUp's clocks; the other
// documents are named from memory. RTX cards: peaksRtx.ts.
import { chip, doubted, printedTo, type Peaks } from "./derivation.js";
import { rtxPeaks } from "./peaksRtx.js";

const ga100 = "GA100 whitepaper: 108 SMs at 1410 MHz, 64 FP32 lanes and four tensor cores of 256 FMA each";
const a100 = chip(ga100, 1.41e9, 108, { fp32: 128, tf32: 1024, bf16: 2048, fp16: 2048, int8: 4096 });

const gh100 = "H100 whitepaper: 132 SMs, four tensor cores of 512 FMA each; 1830 MHz from memory";
const tensorH100 = chip(gh100, 1.83e9, 132, { tf32: 2048, bf16: 4096, fp16: 4096, fp8: 8192, int8: 8192 });
const h100: Peaks = {
  ...chip("H100 whitepaper: 132 SMs of 128 FP32 lanes; 1980 MHz, the driver's highest clock", 1.98e9, 132, {
    fp32: 256,
  }),
  ...tensorH100,
  tf32: printedTo(0.5e12, tensorH100.tf32),
};
const pcie = "H100 whitepaper: 114 SMs as the SXM card's; clocks of 1755 and 1620 MHz from memory";

const blackwell =
  "NVIDIA prints no clock: 148 SMs of 8,192 FLOP a clock in BF16 need 1.86 GHz for B200's figure and 2.06 for GB200's.";

const ga10x = "TechPowerUp's SMs and clock; GA102 whitepaper: 128 FP32 lanes and four tensor cores of 128 FMA an SM";
const fullRate = { fp32: 256, tf32: 512, bf16: 1024, fp16: 1024, int8: 2048 };

const ada = "Ada whitepaper: 128 FP32 lanes and four tensor cores an SM";
const l4 = chip(`${ada}; L4: 58 SMs at 2040 MHz`, 2.04e9, 58, {
  fp32: 256,
  tf32: 512,
  bf16: 1024,
  fp16: 1024,
  fp8: 2048,
  int8: 2048,
});

const cdna3 = "CDNA 3 whitepaper: 304 CUs at 2100 MHz, 2,048 FLOP a clock and CU in BF16";
const mi300x = chip(cdna3, 2.1e9, 304, { fp32: 256, tf32: 1024, bf16: 2048, fp16: 2048, fp8: 4096, int8: 4096 });

const metal = "philipturner/metal-benchmarks: 128 FP32 lanes a core, the clock as read from the driver";
const apple = (clock: number, cores: number): Peaks => chip(metal, clock, cores, { fp32: 256, fp16: 256 });
const m3 = doubted(
  "Apple prints no clock; 1398 MHz, which a public list gives all of them, make 3.6, 6.4 and 14.3 for M3, Pro and Max.",
  "fp32",
  "fp16",
);
const m4 = doubted(
  "Apple prints no clock; 1470 MHz, which a public list gives all of them, make 3.8, 7.5 and 15.1 for M4, Pro and Max.",
  "fp32",
  "fp16",
);
const neural = doubted("Apple prints neither the clock nor the multipliers of its neural engines.", "int8");

const tpu = (source: string, clock: number, units: number, int8: number): Peaks =>
  chip(`${source}; MXUs of 128 x 128`, clock, units, { bf16: 2 * 128 * 128, int8 });

/** FLOP a clock of a Gaudi's matrix engine in BF16. */
const mme = 2 * 256 * 256;

export const peaks: Record<string, Peaks> = {
  "v100-sxm2": chip("V100 whitepaper: 80 SMs at 1530 MHz, 64 FP32 lanes, eight tensor cores of 64 FMA", 1.53e9, 80, {
    fp32: 128,
    fp16: 1024,
  }),
  t4: chip("Turing whitepaper: 40 SMs at 1590 MHz, 64 FP32 lanes, eight tensor cores of 64 FMA", 1.59e9, 40, {
    fp32: 128,
    fp16: 1024,
    int8: 2048,
  }),
  a10: chip(`${ga10x}; A10: 72 SMs at 1695 MHz`, 1.695e9, 72, fullRate),
  a40: chip(`${ga10x}; A40: 84 SMs at 1740 MHz`, 1.74e9, 84, fullRate),
  a10g: chip("PyTorch's device properties: 80 SMs; TechPowerUp: 1710 MHz; half of the A10's tensor rate", 1.71e9, 80, {
    fp32: 256,
    bf16: 512,
    fp16: 512,
  }),
  l4: { ...l4, fp8: printedTo(0.5e12, l4.fp8), int8: printedTo(0.5e12, l4.int8) },
  l40s: {
    ...chip(`${ada}; L40S: 142 SMs at 2520 MHz`, 2.52e9, 142, { fp32: 256, tf32: 512, fp8: 2048, int8: 2048 }),
    ...doubted(
      "Its clock, its other figures and the 733 that the data sheet prints with sparsity make 366; it prints 362.05.",
      "bf16",
      "fp16",
    ),
  },
  "a100-40-sxm": a100,
  "a100-80-sxm": a100,
  "a100-80-pcie": a100,
  "h100-pcie": {
    ...chip(pcie, 1.755e9, 114, { fp32: 256 }),
    ...chip(pcie, 1.62e9, 114, { tf32: 2048, bf16: 4096, fp16: 4096, fp8: 8192, int8: 8192 }),
  },
  "h100-sxm": h100,
  "h200-sxm": h100,
  "gh200-96": h100,
  "h100-nvl": {
    ...chip("TechPowerUp: 132 SMs at 1785 MHz; H100 whitepaper: 128 FP32 lanes an SM", 1.785e9, 132, { fp32: 256 }),
    ...doubted(
      "132 SMs of 4,096 FLOP a clock in BF16 need 1545 MHz; NVIDIA prints a boost clock of 1785, which make 965.",
      "tf32",
      "bf16",
      "fp16",
      "fp8",
      "int8",
    ),
  },
  h20: doubted(
    "Limited for export: 78 SMs of 4,096 FLOP a clock in BF16 need 463 MHz, those of 256 in FP32 2.2 GHz.",
    "fp32",
    "tf32",
    "bf16",
    "fp16",
    "fp8",
    "int8",
  ),
  b200: {
    ...chip("TechPowerUp: 148 SMs at 1965 MHz; 128 FP32 lanes an SM as in Hopper", 1.965e9, 148, { fp32: 256 }),
    ...doubted(blackwell, "tf32", "bf16", "fp16", "fp8", "int8", "fp4"),
  },
  "gb200-per-gpu": doubted(blackwell, "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"),
  ...rtxPeaks,
  "orin-agx-64": {
    ...chip("Jetson AGX Orin technical brief: 16 SMs of 128 FP32 lanes at 1300 MHz", 1.3e9, 16, {
      fp32: 256,
      fp16: 512,
    }),
    ...doubted("The sum of a GPU (16 x 4,096 x 1.3 GHz make 85.2) and two DLAs, whose clock was not read.", "int8"),
  },
  "orin-nano-super": {
    ...chip("Jetson Orin Nano data sheet: 8 SMs of 128 FP32 lanes at 1020 MHz", 1.02e9, 8, { fp32: 256 }),
    ...doubted("8 SMs x 4,096 x 1.02 GHz make 33.4, half of the 67 that is printed: 33 is cut, not rounded.", "int8"),
  },
  "dgx-spark": doubted(
    "48 SMs of 256 FLOP a clock, 4,096 in FP4, need 2.5 GHz for NVIDIA's figures; 2418 MHz make 29.7 and 475.",
    "fp32",
    "fp4",
  ),
  mi250x: chip("CDNA 2 whitepaper: 220 CUs at 1700 MHz, 1,024 FLOP a clock and CU in BF16", 1.7e9, 220, {
    fp32: 128,
    bf16: 1024,
    fp16: 1024,
    int8: 1024,
  }),
  mi300x,
  mi325x: { fp32: mi300x.fp32, bf16: mi300x.bf16, fp8: mi300x.fp8 },
  mi355x: chip("CDNA 4 whitepaper: 256 CUs at 2400 MHz, 4,096 FLOP a clock and CU in BF16", 2.4e9, 256, {
    fp32: 256,
    bf16: 4096,
    fp16: 4096,
    fp8: 8192,
    fp4: 16384,
  }),
  "tpu-v4": tpu("TPU v4 paper (ISCA 2023): 1050 MHz, two cores of four MXUs", 1.05e9, 8, 2 * 128 * 128),
  "tpu-v5e": tpu("Google's page: four MXUs; 1500 MHz from How to Scale Your Model", 1.5e9, 4, 4 * 128 * 128),
  "tpu-v5p": tpu(
    "Google's page: two cores of four MXUs; 1750 MHz from How to Scale Your Model",
    1.75e9,
    8,
    4 * 128 * 128,
  ),
  "tpu-v6e": doubted("Google's page tells of two MXUs of 256 x 256, which would need 3.5 GHz.", "bf16", "int8"),
  "tpu-v7": doubted("Google prints no clock of TPU7x; its chip is two of one core each.", "bf16", "fp8"),
  gaudi2: chip("ml-engineering: two engines of 256 x 256 FMA at 1650 MHz", 1.65e9, 2, { bf16: mme, fp8: 2 * mme }),
  gaudi3: chip("ml-engineering: eight engines of 256 x 256 FMA at 1600 MHz", 1.6e9, 8, { bf16: mme, fp8: mme }),
  trainium2: doubted(
    "AWS prints no clock: eight arrays of 128 x 128 FMA need 2.54 GHz for 667, and 2.41 for the 79 of its core's page.",
    "fp32",
    "tf32",
    "bf16",
    "fp16",
    "fp8",
  ),
  m1: apple(1.278e9, 8),
  "m1-pro": apple(1.296e9, 16),
  "m1-max": apple(1.296e9, 32),
  m2: apple(1.398e9, 10),
  "m2-pro": apple(1.398e9, 19),
  "m2-max": apple(1.398e9, 38),
  m3,
  "m3-pro": m3,
  "m3-max": m3,
  m4,
  "m4-pro": m4,
  "m4-max": m4,
  m5: {
    ...chip(`${metal}; M5: 1578 MHz, as read on a MacBook Air`, 1.578e9, 10, { fp32: 256 }),
    ...chip("Zakharko's measurements of neural accelerators on an A19: 1,024 FLOP a clock and core", 1.578e9, 10, {
      bf16: 1024,
      fp16: 1024,
      int8: 2048,
    }),
  },
  "a17pro-ane": neural,
  "a18pro-ane": neural,
  rpi5: chip("Arm's guide to the Cortex-A76: two 128-bit FMA pipes; 2400 MHz", 2.4e9, 4, { fp32: 16 }),
  "xeon-8480": chip("Intel ARK: 56 cores at 2.0 GHz, two AVX-512 FMA; AMX: 1,024 FMA a clock", 2e9, 56, {
    fp32: 64,
    bf16: 2048,
  }),
  "epyc-9654": chip("AMD's page: 96 cores at 2.4 GHz; Zen 4: two 256-bit FMA pipes", 2.4e9, 96, { fp32: 32 }),
};
