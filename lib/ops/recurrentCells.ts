// What a step of each recurrent cell does beside its products, for one hidden unit.

interface Cell {
  gates: number;
  sums: number;
  activation: number;
  transcendentals: number;
  states: number;
  kept: number;
  backward: number;
  backwardTranscendentals: number;
}

// Per hidden unit and step: products of gate input and state that are added up; σ at 3 FLOPs and tanh at 1; the state
// update. LSTM: four sums; 3 σ + 2 tanh = 11; c' = f c + i g and h = o tanh(c') = 4. GRU: two sums, n's r · (U h) + W
// x = 2; 2 σ + tanh = 7; h' = (1 - z) n + z h = 4. Backward, per hidden unit and step: the chain of the same formulas
// from what is kept: LSTM i, f, g, o, c (tanh(c) again); GRU r, z, n, U h. RNN: one sum, and h = tanh or relu of it;
// backward one sum and 1 - h², times dy; or the choice. Its states are kept as its outputs.
export const cells = {
  lstm: {
    gates: 4,
    sums: 4 + 4,
    activation: 11,
    transcendentals: 5,
    states: 2,
    kept: 5,
    backward: 24,
    backwardTranscendentals: 1,
  },
  gru: {
    gates: 3,
    sums: 2 + 2 + 4,
    activation: 7,
    transcendentals: 3,
    states: 1,
    kept: 4,
    backward: 18,
    backwardTranscendentals: 0,
  },
  rnn: {
    gates: 1,
    sums: 1,
    activation: 1,
    transcendentals: 1,
    states: 1,
    kept: 0,
    backward: 4,
    backwardTranscendentals: 0,
  },
  rnnRelu: {
    gates: 1,
    sums: 1,
    activation: 1,
    transcendentals: 0,
    states: 1,
    kept: 0,
    backward: 2,
    backwardTranscendentals: 0,
  },
} as const satisfies Record<string, Cell>;
export type CellName = keyof typeof cells;
