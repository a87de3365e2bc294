package io.softq4j.evaluation;

import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;

/** One group's points by temperature and seed, both ascending, so that sums do not depend on the order in which trials finished. */
final class SeedTable {

    private final NavigableMap<Double, NavigableMap<Long, FrontierPoint>> byTemperature = new TreeMap<>();
    private final TreeSet<Long> seeds = new TreeSet<>();

    void add(FrontierPoint point) {
        FrontierPoint other = byTemperature.computeIfAbsent(point.temperature(), t -> new TreeMap<>()).put(point.seed(), point);
        if (other != null) {
            throw new IllegalArgumentException("two points of '" + point.group() + "' at temperature " + point.temperature() + ", seed "
                    + point.seed() + "; each seed counts once");
        }
        seeds.add(point.seed());
    }

    NavigableMap<Double, NavigableMap<Long, FrontierPoint>> byTemperature() {
        return byTemperature;
    }

    /** Whether any point has a quality other than 0. */
    boolean hasQuality() {
        return byTemperature.values().stream().flatMap(bySeed -> bySeed.values().stream()).anyMatch(point -> point.quality() != 0);
    }

    /** A statistic of this group's curve and another's, seed by seed, over the seeds that both ran; null if it is defined for none. */
    Interval interval(SeedTable other, ToDoubleBiFunction<FrontierCurve, FrontierCurve> statistic) {
        return Interval.of(seeds.stream().filter(other.seeds::contains)
                .mapToDouble(seed -> statistic.applyAsDouble(curve(seed), other.curve(seed))).toArray());
    }

    /** The curve of one seed, without the temperatures at which it was not run. */
    private FrontierCurve curve(long seed) {
        List<FrontierPoint> points = byTemperature.values().stream().map(bySeed -> bySeed.get(seed)).filter(Objects::nonNull).toList();
        return new FrontierCurve(points.stream().mapToDouble(FrontierPoint::diversity).toArray(),
                points.stream().mapToDouble(FrontierPoint::quality).toArray());
    }
}
