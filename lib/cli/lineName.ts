// Words for the lines of a memory ledger.

const names: Readonly<Record<string, string>> = {
  kvCache: "KV cache",
  state: "recurrent state",
  gatheredWeights: "weights gathered for a block",
  optimizerState: "optimizer state",
  masterWeights: "master weights in fp32",
  peakActivations: "activations",
  backward: "backward pass beyond them",
};

/** What a line of a ledger is called. */
export const lineName = (line: string): string => names[line] ?? line;
