package io.softq4j.graph;

/**
 * The heads of an attention layer; H / G queries in a row share a key and a value (Ainslie et al. 2023, arXiv 2305.13245, "GQA").
 *
 * @param headWidth     K
 * @param heads         H
 * @param keyValueHeads G, a divisor of H
 * @param scale         what q k^T is multiplied with
 */
public record AttentionShape(int headWidth, int heads, int keyValueHeads, double scale) {

    /** Rejects what no layer can have. */
    public AttentionShape {
        if (headWidth < 1) {
            throw new IllegalArgumentException("headWidth must be positive, was " + headWidth);
        }
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("heads must be a multiple of keyValueHeads, were " + heads + " and " + keyValueHeads);
        }
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("scale must be positive, was " + scale);
        }
    }

    /** Scores divided by sqrt(K) (Vaswani et al. 2017, arXiv 1706.03762, eq. 1). */
    public static AttentionShape scaled(int headWidth, int heads, int keyValueHeads) {
        return new AttentionShape(headWidth, heads, keyValueHeads, 1 / Math.sqrt(headWidth));
    }

    /** Scores as they are, with a key and a value for each query: T5 has the scale in the initial weights of its queries. */
    public static AttentionShape unscaled(int headWidth, int heads) {
        return new AttentionShape(headWidth, heads, heads, 1);
    }
}
