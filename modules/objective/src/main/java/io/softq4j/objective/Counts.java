package io.softq4j.objective;

/**
 * The denominators of one optimiser step: every micro-batch of the step is divided by the same two counts, so that k micro-batches
 * give what one batch of k times the rows gives.
 *
 * @param responseTokens N, the sum of m_t
 * @param tdTerms        N_d, the sum of d_t
 */
public record Counts(long responseTokens, long tdTerms) {

    public static final Counts ZERO = new Counts(0, 0);

    public Counts {
        if (responseTokens < 0 || tdTerms < 0) {
            throw new IllegalArgumentException("negative count: " + responseTokens + ", " + tdTerms);
        }
    }

    /** The counts of both together. */
    public Counts plus(Counts other) {
        return new Counts(responseTokens + other.responseTokens, tdTerms + other.tdTerms);
    }
}
