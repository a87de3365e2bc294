package io.softq4j.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The polyline through one seed's points in the order of temperature: between two temperatures that were sampled the group is taken to be on the
 * straight line. Where it passes a diversity more than once, the best quality there counts, as a user would choose that temperature.
 *
 * @param diversity [temperatures]
 * @param quality   [temperatures]
 */
record FrontierCurve(double[] diversity, double[] quality) {

    /** Points at which two curves are compared: midpoints of as many equal parts of the range they share. */
    private static final int GRID = 256;

    /** Mean of this curve's quality less {@code other}'s over the diversities both reach; NaN where they share none. */
    double qualityGain(FrontierCurve other) {
        return gain(diversity, quality, other.diversity, other.quality);
    }

    /** Mean of this curve's diversity less {@code other}'s over the qualities both reach; NaN where they share none, or only that nothing is right. */
    double diversityGain(FrontierCurve other) {
        if (Math.min(max(quality), max(other.quality)) == 0) {
            return Double.NaN;
        }
        return gain(quality, diversity, other.quality, other.diversity);
    }

    private static double gain(double[] along, double[] value, double[] otherAlong, double[] otherValue) {
        double low = Math.max(min(along), min(otherAlong));
        double high = Math.min(max(along), max(otherAlong));
        if (low > high) {
            return Double.NaN;
        }
        if (low == high) {
            return best(along, value, low) - best(otherAlong, otherValue, low);
        }
        double sum = 0;
        for (int i = 0; i < GRID; i++) {
            double at = low + (high - low) * (i + 0.5) / GRID;
            sum += best(along, value, at) - best(otherAlong, otherValue, at);
        }
        return sum / GRID;
    }

    /** The largest value of the polyline (along, value) where it passes {@code at}, which lies within its range. */
    static double best(double[] along, double[] value, double at) {
        double best = along[0] == at ? value[0] : Double.NEGATIVE_INFINITY;
        for (int i = 1; i < along.length; i++) {
            double from = along[i - 1];
            double to = along[i];
            if (at < Math.min(from, to) || at > Math.max(from, to)) {
                continue;
            }
            best = Math.max(best, from == to
                    ? Math.max(value[i - 1], value[i])
                    : value[i - 1] + (value[i] - value[i - 1]) * ((at - from) / (to - from)));
        }
        return best;
    }

    /** Area of the union of the rectangles from the origin to each point; a point with a coordinate below 0 has none. */
    double hypervolume() {
        int[] byDiversity = IntStream.range(0, diversity.length).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> diversity[i]).reversed()).mapToInt(Integer::intValue).toArray();
        double area = 0;
        double covered = 0;
        for (int i : byDiversity) {
            if (diversity[i] > 0 && quality[i] > covered) {
                area += diversity[i] * (quality[i] - covered);
                covered = quality[i];
            }
        }
        return area;
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
