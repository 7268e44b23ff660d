// The options that all charts share. They stand apart from frame.ts, whose types are those of Plot and of a DOM, which
// a reader may not have.

/** What every chart takes beside its rows. Sizes in pixels. */
export interface FrameOptions {
  title?: string;
  /** A line below the chart, and the end of its text form: where the figures come from. */
  caption?: string;
  width?: number;
  height?: number;
  description?: string;
}
