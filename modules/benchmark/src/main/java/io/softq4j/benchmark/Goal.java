package io.softq4j.benchmark;

/**
 * What a ratio should be.
 *
 * @param bound  the limit
 * @param atMost true: the ratio should not exceed it; false: it should reach it
 */
record Goal(double bound, boolean atMost) {

    static Goal atLeast(double bound) {
        return new Goal(bound, false);
    }

    static Goal atMost(double bound) {
        return new Goal(bound, true);
    }

    /** Whether {@code ratio} is as it should be; NaN never is. */
    boolean met(double ratio) {
        return atMost ? ratio <= bound : ratio >= bound;
    }

    @Override
    public String toString() {
        return (atMost ? "<= " : ">= ") + bound;
    }
}
