package io.softq4j.graph.kernel;

/**
 * The buckets of distances between tokens that share one learnt bias (Raffel et al. 2020, arXiv 1910.10683, section 2.1): the nearer half
 * of the buckets hold one distance each, the others grow logarithmically up to {@code maxDistance}, and the last holds all that lies
 * beyond. Where keys on both sides can be seen, keys after the query have buckets of their own.
 *
 * @param count         buckets in all, an even number
 * @param bidirectional whether keys after the query are told apart; if not, they are in bucket 0, as the query itself
 * @param maxDistance   from which on distances are all in one bucket; beyond those that have a bucket each
 */
public record RelativeBuckets(int count, boolean bidirectional, int maxDistance) {

    /** Rejects counts that cannot be halved, and a range of distances that leaves nothing to grow into. */
    public RelativeBuckets {
        int exact = count / (bidirectional ? 4 : 2);
        if (exact < 1 || exact * (bidirectional ? 4 : 2) != count) {
            throw new IllegalArgumentException("buckets must be a positive multiple of " + (bidirectional ? 4 : 2) + ", were " + count);
        }
        if (maxDistance <= exact) {
            throw new IllegalArgumentException("maxDistance must exceed " + exact + ", the distances with a bucket of their own, was "
                    + maxDistance);
        }
    }

    /**
     * The bucket of a key, from 0 to {@code count} - 1.
     *
     * @param keyMinusQuery position of the key less that of the query
     */
    public int of(int keyMinusQuery) {
        int side = bidirectional ? count / 2 : count;
        int first = bidirectional && keyMinusQuery > 0 ? side : 0;
        long distance = bidirectional ? Math.abs((long) keyMinusQuery) : Math.max(0, -(long) keyMinusQuery);
        int exact = side / 2;
        return first + (distance < exact ? (int) distance : Math.min(side - 1, exact + grown(distance, exact, side - exact)));
    }

    /**
     * log(distance / exact) / log(maxDistance / exact) of the buckets that grow, cut to an integer, each operation rounded to float32 as
     * PyTorch does it: published models were trained with that, and a distance on the edge of a bucket must fall to the same side.
     */
    private int grown(long distance, int exact, int growing) {
        float log = (float) StrictMath.log((float) distance / exact);
        return (int) (log / (float) StrictMath.log((double) maxDistance / exact) * growing);
    }

    /** The buckets of the offsets -{@code maxDistance} to {@code maxDistance}; beyond either end they stay the same. */
    public int[] byOffset() {
        int[] buckets = new int[2 * maxDistance + 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = of(i - maxDistance);
        }
        return buckets;
    }
}
