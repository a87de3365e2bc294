package io.softq4j.evaluation;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** One group's points by sampler and seed, both ascending, so that sums do not depend on the order in which trials finished. */
final class SeedTable {

    private final NavigableMap<SamplerPoint, NavigableMap<Long, FrontierPoint>> bySampler = new TreeMap<>();
    private final TreeSet<Long> seeds = new TreeSet<>();

    void add(FrontierPoint point) {
        FrontierPoint other = bySampler.computeIfAbsent(point.sampler(), s -> new TreeMap<>()).put(point.seed(), point);
        if (other != null) {
            throw new IllegalArgumentException("two points of '" + point.group() + "' at " + point.sampler() + ", seed "
                    + point.seed() + "; each seed counts once");
        }
        seeds.add(point.seed());
    }

    NavigableMap<SamplerPoint, NavigableMap<Long, FrontierPoint>> bySampler() {
        return bySampler;
    }

    /** Whether any point has a quality other than 0. */
    boolean hasQuality() {
        return bySampler.values().stream().flatMap(bySeed -> bySeed.values().stream()).anyMatch(point -> point.quality() != 0);
    }

    /** A statistic of this group's curve and another's, seed by seed, over the seeds that both ran; null if it is defined for none. */
    Interval interval(SeedTable other, ToDoubleBiFunction<FrontierCurve, FrontierCurve> statistic) {
        return Interval.of(seeds.stream().filter(other.seeds::contains)
                .mapToDouble(seed -> statistic.applyAsDouble(curve(seed), other.curve(seed))).toArray());
    }

    /** The curve of one seed, without the samplers with which it was not run. */
    private FrontierCurve curve(long seed) {
        List<FrontierPoint> points = bySampler.values().stream().map(bySeed -> bySeed.get(seed)).filter(Objects::nonNull).toList();
        boolean[] joined = new boolean[points.size()];
        for (int i = 1; i < joined.length; i++) {
            joined[i] = points.get(i).sampler().isOnLineOf(points.get(i - 1).sampler());
        }
        return new FrontierCurve(points.stream().mapToDouble(FrontierPoint::diversity).toArray(),
                points.stream().mapToDouble(FrontierPoint::quality).toArray(), joined);
    }

    /** Smallest and largest diversity of any point. */
    double[] diversities() {
        return range(FrontierPoint::diversity);
    }

    /** Smallest and largest quality of any point. */
    double[] qualities() {
        return range(FrontierPoint::quality);
    }

    private double[] range(ToDoubleFunction<FrontierPoint> value) {
        DoubleSummaryStatistics all = bySampler.values().stream().flatMap(bySeed -> bySeed.values().stream()).mapToDouble(value).summaryStatistics();
        return new double[] {all.getMin(), all.getMax()};
    }
}
