package io.softq4j.graph.kernel;

/**
 * How the heads lie in the arrays of {@link Attention}. Side by side, a row of q k v holds the H queries, then the G keys, then the G
 * values of one token, K elements each; apart, a row of q holds the H queries of one token and a row of k v the G keys, then the G values
 * of one of another sequence. H / G queries in a row share a key and a value.
 *
 * @param sequences     B
 * @param queries       T, tokens of a sequence with queries
 * @param keys          S, tokens of a sequence with keys and values
 * @param headWidth     K
 * @param heads         H
 * @param keyValueHeads G, a divisor of H
 * @param apart         whether q and k v are arrays of their own; if not, both names stand for the array of all
 */
public record Layout(int sequences, int queries, int keys, int headWidth, int heads, int keyValueHeads, boolean apart) {

    public Layout {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("heads must be a multiple of keyValueHeads, were " + heads + " and " + keyValueHeads);
        }
    }

    /** Queries, keys and values side by side. @param width elements of a row */
    static Layout sideBySide(int sequences, int length, long width, int heads, int keyValueHeads) {
        return new Layout(sequences, length, length, headWidth(width, heads, keyValueHeads), heads, keyValueHeads, false);
    }

    /** K, when a row of q k v has {@code width} elements. */
    static int headWidth(long width, int heads, int keyValueHeads) {
        if (width % (heads + 2L * keyValueHeads) != 0) {
            throw new IllegalArgumentException("rows of " + width + " elements cannot hold " + heads + " queries, " + keyValueHeads
                    + " keys and "
                    + keyValueHeads + " values of one width");
        }
        return (int) (width / (heads + 2L * keyValueHeads));
    }

    /** K, when a row of q has {@code width} elements and one of k v {@code keyValueWidth}. */
    static int headWidthApart(long width, long keyValueWidth, int heads, int keyValueHeads) {
        if (width % heads != 0 || keyValueWidth != 2 * keyValueHeads * (width / heads)) {
            throw new IllegalArgumentException("rows of " + width + " and " + keyValueWidth + " elements cannot hold " + heads
                    + " queries and "
                    + keyValueHeads + " keys and " + keyValueHeads + " values of one width");
        }
        return (int) (width / heads);
    }

    /** Elements of a row of q. */
    public int queryStride() {
        return apart ? width() : keyStride();
    }

    /** Elements of a row of k v. */
    public int keyStride() {
        return ((apart ? 0 : heads) + 2 * keyValueHeads) * headWidth;
    }

    /** Elements of a row of the context. */
    public int width() {
        return heads * headWidth;
    }

    /** Queries that share one key and value. */
    public int group() {
        return heads / keyValueHeads;
    }

    /** Element of q where the query of token {@code t} starts. */
    public long query(int sequence, int t, int head) {
        return ((long) sequence * queries + t) * queryStride() + (long) head * headWidth;
    }

    /** Element of k v where a key of token {@code s} starts. */
    public long key(int sequence, int s, int keyValueHead) {
        return ((long) sequence * keys + s) * keyStride() + (long) ((apart ? 0 : heads) + keyValueHead) * headWidth;
    }

    /** Element of k v where a value of token {@code s} starts. */
    public long value(int sequence, int s, int keyValueHead) {
        return key(sequence, s, keyValueHeads + keyValueHead);
    }

    /** Element of the context where that of token {@code t} starts. */
    public long context(int sequence, int t, int head) {
        return ((long) sequence * queries + t) * width() + (long) head * headWidth;
    }

    /** Place of a query in {@code [B H T]}. */
    public int lane(int sequence, int head, int t) {
        return (sequence * heads + head) * queries + t;
    }
}
