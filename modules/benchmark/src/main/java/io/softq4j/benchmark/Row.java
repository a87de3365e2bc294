package io.softq4j.benchmark;

/**
 * One result.
 *
 * @param measure what was measured
 * @param ours    softq4j's value
 * @param peer    what it is compared with
 * @param unit    of both
 * @param ratio   ours over the peer's
 * @param goal    what the ratio should be, such as {@code >= 2.0}
 * @param met     whether it is
 * @param note    who the peer is, and whatever else has to be known
 */
record Row(String measure, double ours, double peer, String unit, double ratio, String goal, boolean met, String note) {

    static Row of(String measure, double ours, double peer, String unit, Goal goal, String note) {
        double ratio = ours / peer;
        return new Row(measure, ours, peer, unit, ratio, goal.toString(), goal.met(ratio), note);
    }
}
