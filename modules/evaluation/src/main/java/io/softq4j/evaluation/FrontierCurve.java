package io.softq4j.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What one seed of a group can be had to do: polylines in the order of temperature, one for each top_k, top_p and min_p. Between two temperatures that
 * were sampled the group is taken to be on the straight line. Where lines pass a diversity more than once, the best quality there counts, as a user
 * would choose that sampler.
 *
 * @param diversity [samplers]
 * @param quality   [samplers]
 * @param joined    [samplers], whether a line leads here from the sampler before
 */
record FrontierCurve(double[] diversity, double[] quality, boolean[] joined) {

    /** Points at which two curves are compared: midpoints of as many equal parts of the range they share. */
    private static final int GRID = 256;

    /** One line through all points. */
    FrontierCurve(double[] diversity, double[] quality) {
        this(diversity, quality, one(diversity.length));
    }

    private static boolean[] one(int points) {
        boolean[] joined = new boolean[points];
        Arrays.fill(joined, 1, points, true);
        return joined;
    }

    /** Mean of this curve's quality less {@code other}'s over the diversities both reach; NaN where they share none. */
    double qualityGain(FrontierCurve other) {
        return gain(diversity, quality, joined, other.diversity, other.quality, other.joined);
    }

    /** Mean of this curve's diversity less {@code other}'s over the qualities both reach; NaN where they share none, or only that nothing is right. */
    double diversityGain(FrontierCurve other) {
        if (Math.min(max(quality), max(other.quality)) == 0) {
            return Double.NaN;
        }
        return gain(quality, diversity, joined, other.quality, other.diversity, other.joined);
    }

    private static double gain(double[] along, double[] value, boolean[] joined, double[] otherAlong, double[] otherValue, boolean[] otherJoined) {
        double low = Math.max(min(along), min(otherAlong));
        double high = Math.min(max(along), max(otherAlong));
        if (low > high) {
            return Double.NaN;
        }
        if (low == high) {
            double difference = best(along, value, joined, low) - best(otherAlong, otherValue, otherJoined, low);
            return Double.isFinite(difference) ? difference : Double.NaN;
        }
        double sum = 0;
        int shared = 0;
        for (int i = 0; i < GRID; i++) {
            double at = low + (high - low) * (i + 0.5) / GRID;
            double own = best(along, value, joined, at);
            double others = best(otherAlong, otherValue, otherJoined, at);
            if (own > Double.NEGATIVE_INFINITY && others > Double.NEGATIVE_INFINITY) {    // several lines may leave a gap between them
                sum += own - others;
                shared++;
            }
        }
        return shared == 0 ? Double.NaN : sum / shared;
    }

    /** The best quality where a line passes this diversity; negative infinity where none does. */
    double bestQuality(double at) {
        return best(diversity, quality, joined, at);
    }

    private static double best(double[] along, double[] value, boolean[] joined, double at) {
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < along.length; i++) {
            if (along[i] == at) {
                best = Math.max(best, value[i]);
            }
            if (!joined[i]) {
                continue;
            }
            double from = along[i - 1];
            double to = along[i];
            if (from == to || at < Math.min(from, to) || at > Math.max(from, to)) {
                continue;
            }
            best = Math.max(best, value[i - 1] + (value[i] - value[i - 1]) * ((at - from) / (to - from)));
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
