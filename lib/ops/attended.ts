// Which query sees which key under a causal mask and a sliding window: exact pair counts, in closed form.

export interface Mask {
  tokens: number;
  context: number;
  causal: boolean;
  window?: number;
  /** Positions that each query reads, chosen among those in sight; not beside a window. */
  topk?: number;
}

/**
 * Pairs (query, key) that the mask lets through. Query i stands at position context - tokens + i (the mask is aligned
 * at the bottom right). causal: keys up to the own position; window w: of those the last w; window without causal: keys
 * less than w away on both sides. topk: at most so many of them, whichever they are.
 */
export function attendedPairs({ tokens, context, causal, window = Infinity, topk = Infinity }: Mask): number {
  if (topk < context)
    return attendedPairs({ tokens, context: causal ? context : topk, causal, window: causal ? topk : undefined });
  const first = context - tokens;
  const last = context - 1;
  if (causal) return clampedSum(first + 1, last + 1, Math.min(window, context));
  if (window === Infinity) return tokens * context;
  return (
    clampedSum(first + window, last + window, context) - clampedSum(first - window + 1, last - window + 1, context)
  );
}

/**
 * Keys in sight of at least one query: what must be read of a cache. Of chosen ones the most that they can be, for
 * queries that choose different ones.
 */
export function keysSeen({ tokens, context, window = Infinity, topk = Infinity }: Mask): number {
  return Math.min(context, tokens + window - 1, tokens * topk);
}

/** The sum of min(max(n, 0), cap) for n from `from` to `to`. */
function clampedSum(from: number, to: number, cap: number): number {
  const start = Math.max(from, 1);
  const end = Math.min(to, cap);
  const rising = end < start ? 0 : ((start + end) * (end - start + 1)) / 2;
  return rising + Math.max(0, to - Math.max(from - 1, cap)) * cap;
}
