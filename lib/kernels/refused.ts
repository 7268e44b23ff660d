// The error of who cannot measure here. It is the machine's fault and nobody's mistake: a program may try again, a
// lesson shows a recorded run.

/**
 * Thrown where nothing could be measured: the machine was disturbed, or lacks memory or a part. The message is one
 * sentence.
 */
export class MeasurementRefused extends Error {
  /** Tells it from other errors, also where this package was loaded twice. */
  override readonly name = "MeasurementRefused";
}
