// DeBERTa's disentangled attention: scores between contents and relative positions beside those between contents.
import { view, type Activation, type Layers } from "./layers.js";
import { norm } from "./stack.js";

/** What relative positions take part in. */
export interface DisentangledConfig {
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Heads of a layer. */
  heads: number;
  /** Rows of the table of relative positions. */
  rows: number;
  /** Whether the table is normed. */
  normed: boolean;
  /** Whether positions use the projections of contents. */
  shared: boolean;
  /** Contents attend to positions. */
  contentToPosition: boolean;
  /** Positions attend to contents. */
  positionToContent: boolean;
}

/**
 * He et al. 2020 (arXiv 2006.03654): a table of `rows` relative positions, projected in every layer; heads · tokens ·
 * rows · headDim products for each kind of score, then gathered by distance, which moves data but computes nothing.
 */
export function disentangled(net: Layers, config: DisentangledConfig) {
  const { hiddenSize, rows, heads } = config;
  const table = net.embedding("encoder/rel_embeddings", {
    batch: 1,
    tokens: rows,
    numEmbeddings: rows,
    embeddingDim: hiddenSize,
  });
  const positions = config.normed ? norm(net, "encoder/LayerNorm", table) : table;
  return (path: string, scores: Activation): void => {
    const [batch, , tokens] = scores.shape as [number, number, number, number];
    const terms = [
      [config.positionToContent, "query", "pos_query_proj"],
      [config.contentToPosition, "key", "pos_key_proj"],
    ] as const;
    for (const [wanted, content, own] of terms) {
      if (!wanted && !config.shared) continue;
      const shared = config.shared ? { sharedWeights: `${path}/attention/self/${content}` } : {};
      const projected = net.linear(`${path}/attention/self/${own}`, positions, hiddenSize, shared);
      if (!wanted) continue;
      const products = { batch: batch * heads, m: tokens, n: rows, k: hiddenSize / heads };
      const product = net.matmul(`${path}/attention/self/${own}_scores`, products, [scores, projected]);
      net.add(`${path}/attention/self/${own}_add`, scores, view(product, scores.shape));
    }
  };
}
