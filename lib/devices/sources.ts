// Where the table's figures were read. Compiled November 2026.

export const sources = {
  ada: "NVIDIA Ada GPU Architecture whitepaper v2.1, appendix A (as quoted in public repositories)",
  epyc: "Tom's Hardware, EPYC 9755 report, table with the EPYC 9654",
  der: "derived by the formula in the note",
  ga100:
    "NVIDIA Ampere Architecture In-Depth and GA100 whitepaper, comparison table P100/V100/A100 " +
    "(as quoted in a public repository)",
  ga102: "NVIDIA GA102 whitepaper v1 (as quoted in a public repository)",
  gb202: "NVIDIA RTX Blackwell architecture whitepaper, table 3 (as quoted in public repositories)",
  gcpgpu: "Google Cloud GPU table (as quoted in a public calculator)",
  gig: "gigazine.net, 2023-11-01, memory bandwidth of Apple's M3 Pro",
  geek: "geektopia.es, 2018-09-13, NVIDIA's announcement of the Tesla T4",
  hfjs: "huggingface.js, packages/tasks/src/hardware*.ts and PR #1044",
  hwup: "hwupgrade.it, Tesla V100: 300 W as SXM2, 250 W as PCIe card",
  l4: "NVIDIA L4 data sheet; it prints figures with sparsity, halved here (as quoted in public repositories)",
  ll1642: "ggml-org/llama.cpp PR #1642, comment on physical limits",
  mem: "from memory",
  metal: "philipturner/metal-benchmarks, README (clock x cores x 256 FLOP/cycle; SLC sizes)",
  mi355: "Tom's Hardware, AMD's presentation of the MI355X at ISC 2025",
  mr_m3: "macrumors.com, 2023-10-31, Apple M3 Pro memory bandwidth",
  mr_m4: "macrumors.com, 2024-10-30, Apple M4 Max; TechCrunch for the M4 Pro's 273 GB/s",
  m4bt: "Business Today, 2024-10-30, Apple's announcement of M4, M4 Pro and M4 Max",
  nbc: "notebookcheck.net, comparison page of the M3",
  nvperf: "NVIDIA Deep Learning Performance, GPU Performance Background User's Guide",
  orinbrief: "NVIDIA Jetson AGX Orin Series technical brief (as quoted in a public article)",
  orin: "Jetson Orin Nano (Super) data sheet figures (as quoted in public documents)",
  pa: "phonearena.com news 162371; gadgets360.com on the A18 Pro",
  rn: "RightNow-GPU-Database, derived from TechPowerUp (holds factor-two errors for other rows)",
  rocm: "rocm.docs.amd.com, GPU hardware specifications",
  rpi: "threedots.ovh, 2023-09, Raspberry Pi 5 details; circuitdigest.com",
  sb: "How to Scale Your Model (jax-ml/scaling-book, tpus.md)",
  stas: "stas00/ml-engineering, compute/accelerator (dense table; each row links the vendor's page)",
  t4brief: "NVIDIA T4 Tensor Core GPU for AI inferencing, product brief, table 2 (manual at manualmachine.com)",
  t4: "NVIDIA T4 data sheet (as quoted in a public repository)",
  thunder: "thundercompute.com, NVIDIA A100 specifications, table of form factors",
  v5e: "docs.cloud.google.com/tpu/docs/v5e",
  v5p: "docs.cloud.google.com/tpu/docs/v5p",
  v6e: "docs.cloud.google.com/tpu/docs/v6e",
} as const;

export type SourceKey = keyof typeof sources;
