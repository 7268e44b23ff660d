// The options that all charts share. They stand apart from frame.ts, whose types are those of Plot and of a DOM, which
// a reader may not have.

/** What every chart takes beside its rows. */
export interface FrameOptions {
  /** Above the picture, and its name for who does not see it; default none. */
  title?: string;
  /** A line below the chart, and the end of its text form: where the figures come from. */
  caption?: string;
  /** Pixels; default 720. */
  width?: number;
  /** Pixels; default what the chart needs. It grows where a title or a legend would leave too little. */
  height?: number;
  /** What the chart shows in words; default a sentence with its main numbers. */
  description?: string;
}
