package io.softq4j.generation;

import java.util.Arrays;

/** A sequence that grows: the ids it begins with, and what the model said of those that were added. */
final class Continuation {

    private final int[] ids;
    private final double[] logprobs;
    private final int begun;
    private int length;
    private double entropy;

    /** @param limit most tokens that may be added */
    Continuation(int[] first, int limit) {
        this.ids = Arrays.copyOf(first, first.length + limit);
        this.logprobs = new double[limit];
        this.begun = first.length;
        this.length = first.length;
    }

    private Continuation(Continuation other) {
        this.ids = other.ids.clone();
        this.logprobs = other.logprobs.clone();
        this.begun = other.begun;
        this.length = other.length;
        this.entropy = other.entropy;
    }

    /** A copy with one more token; the arguments as for {@link #add}. */
    Continuation with(int id, double logprob, double entropyBefore) {
        Continuation longer = new Continuation(this);
        longer.add(id, logprob, entropyBefore);
        return longer;
    }

    /**
     * Adds a token.
     *
     * @param logprob       of the token under the model's own distribution
     * @param entropyBefore of that distribution
     */
    void add(int id, double logprob, double entropyBefore) {
        ids[length] = id;
        logprobs[length - begun] = logprob;
        entropy += entropyBefore;
        length++;
    }

    /** All ids, of which the first {@link #length} hold. */
    int[] ids() {
        return ids;
    }

    int length() {
        return length;
    }

    /** How many ids it began with. */
    int begun() {
        return begun;
    }

    /** How many were added. */
    int made() {
        return length - begun;
    }

    /** How many more may be added. */
    int room() {
        return ids.length - length;
    }

    boolean isFull() {
        return room() == 0;
    }

    int last() {
        return ids[length - 1];
    }

    Completion completion(FinishReason reason, String text) {
        return new Completion(Arrays.copyOfRange(ids, begun, length), text, reason, Arrays.copyOf(logprobs, made()), made() == 0 ? 0
                : entropy / made());
    }
}
