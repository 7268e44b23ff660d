// For cells that show a mistake: the error is the lesson.

/** Runs `action`, which must throw, and prints its one-line message. Throws when nothing was thrown. */
export function expectError(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    console.log(String(error));
    return;
  }
  throw new Error("expectError: action must throw, got no error");
}
