package io.softq4j.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Times several sides in turns, A B A B, so that what slows the machine for a while slows all of them. */
final class Turns {

    /** Long enough that the threads of the side before, which wait by spinning at first, have gone to sleep. */
    private static final int MILLISECONDS_BETWEEN = 100;

    private Turns() {
    }

    /** Median of {@code rounds} values of each side. */
    static double[] medians(int rounds, List<DoubleSupplier> sides) {
        double[][] values = new double[sides.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int side = 0; side < values.length; side++) {
                settle();
                values[side][round] = sides.get(side).getAsDouble();
            }
        }
        return Arrays.stream(values).mapToDouble(Turns::median).toArray();
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static void settle() {
        try {
            Thread.sleep(MILLISECONDS_BETWEEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
