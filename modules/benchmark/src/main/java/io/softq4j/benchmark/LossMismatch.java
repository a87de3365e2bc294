package io.softq4j.benchmark;

import java.util.Locale;

/** Two engines do not compute the same, so that their times must not be compared. */
final class LossMismatch extends RuntimeException {

    /** Steps whose losses are compared. */
    static final int STEPS = 5;
    private static final double TOLERANCE = 1e-4;

    private LossMismatch(String message) {
        super(message);
    }

    /** @throws LossMismatch if a loss of the first {@value #STEPS} steps differs by more than 1e-4 */
    static void check(String ourName, double[] ours, String peerName, double[] peer) {
        for (int step = 0; step < STEPS; step++) {
            if (!(Math.abs(ours[step] - peer[step]) <= TOLERANCE)) {
                throw new LossMismatch(String.format(Locale.ROOT, "the loss of step %d is %.6f in %s and %.6f in %s, allowed is a difference "
                        + "of %.0e. They do not train the same model, so nothing was measured", step + 1, ours[step], ourName, peer[step], peerName,
                        TOLERANCE));
            }
        }
    }
}
