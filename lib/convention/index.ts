// The tools by name, and the other names that people give them.
import { lookUp } from "../check.js";
import { nameFinder } from "../lookUp.js";
import { calflopsTool, deepspeedTool } from "./deepspeed.js";
import { fvcoreTool } from "./fvcore.js";
import { ptflopsAtenTool, ptflopsPytorchTool } from "./ptflops.js";
import type { Tool } from "./rule.js";
import { thopTool } from "./thop.js";
import { torchTool, torchvisionTool } from "./torch.js";
import { torchinfo180Tool, torchinfoTool } from "./torchinfo.js";

export const tools = {
  torch: torchTool,
  // PyTorch 2.0 has no counter yet, and the formula has since been the same.
  "torch-2.0": torchTool,
  torchvision: torchvisionTool,
  fvcore: fvcoreTool,
  thop: thopTool,
  "ptflops-pytorch": ptflopsPytorchTool,
  "ptflops-aten": ptflopsAtenTool,
  torchinfo: torchinfoTool,
  "torchinfo-1.8.0": torchinfo180Tool,
  deepspeed: deepspeedTool,
  calflops: calflopsTool,
} as const satisfies Record<string, Tool>;

/** What a counting tool is called. */
export type ToolName = keyof typeof tools;

const find = nameFinder(Object.keys(tools) as ToolName[], {
  ptflops: "ptflops-pytorch",
  flopCounterMode: "torch",
  "torch.utils.flopCounter": "torch",
  pytorch: "torch",
  // A dispatcher's count with one FLOP for a multiply-add.
  aten: "torchvision",
});

/**
 * The tool that `name` means, case and separators apart ("DeepSpeed", "ptflops_aten", "FlopCounterMode"). Throws a
 * RangeError that lists the names, on behalf of `who`.
 */
export function toolNamed(who: string, what: string, name: unknown): ToolName {
  const found = find(name);
  if (found === undefined) lookUp(who, what, tools, name);
  return found!;
}
