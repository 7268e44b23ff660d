// Bytes of a user's file as text, or the place where they are none. No file is opened here: a page uses this too.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `bytes` as text. Throws a RangeError that names `what` and the offset of the first byte that is no UTF-8. */
export function utf8(who: string, what: string, bytes: Uint8Array, offset = 0): string {
  try {
    return decoder.decode(bytes);
  } catch {
    /* find the byte below */
  }
  const tolerant = new TextDecoder("utf-8", { ignoreBOM: true });
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    // stream: a character that the cut divides is not a fault
    if (tolerant.decode(bytes.subarray(0, middle), { stream: true }).includes("\ufffd")) bad = middle;
    else good = middle;
    tolerant.decode();
  }
  throw new RangeError(`${who}: ${what} must be UTF-8, got another byte at offset ${offset + good}`);
}
