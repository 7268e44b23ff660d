/** Whether a figure is another one, but for a share of it. */
export const within = (got: number, want: number, share: number) => Math.abs(got / want - 1) <= share;
