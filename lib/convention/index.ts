// The tools by name: data only.
import { calflopsTool, deepspeedTool } from "./deepspeed.js";
import { fvcoreTool } from "./fvcore.js";
import { ptflopsAtenTool, ptflopsPytorchTool } from "./ptflops.js";
import type { Tool } from "./rule.js";
import { thopTool } from "./thop.js";
import { torch20Tool, torchTool, torchvisionTool } from "./torch.js";
import { torchinfo180Tool, torchinfoTool } from "./torchinfo.js";

export const tools = {
  torch: torchTool, "torch-2.0": torch20Tool, torchvision: torchvisionTool, fvcore: fvcoreTool, thop: thopTool, "ptflops-pytorch": ptflopsPytorchTool, "ptflops-aten": ptflopsAtenTool,
  torchinfo: torchinfoTool, "torchinfo-1.8.0": torchinfo180Tool, deepspeed: deepspeedTool, calflops: calflopsTool,
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;
