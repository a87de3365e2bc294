package io.softq4j.evaluation;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

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

    List<Long> seeds() {
        return List.copyOf(seeds);
    }

    NavigableMap<Double, NavigableMap<Long, FrontierPoint>> byTemperature() {
        return byTemperature;
    }

    /** The curve through the means over all seeds. */
    FrontierCurve curve() {
        return curve(seeds);
    }

    /**
     * The curve through the means over {@code drawn}, a seed counting as often as it was drawn. A temperature at which none of them was run (a trial
     * failed) is left out.
     */
    FrontierCurve curve(Collection<Long> drawn) {
        double[][] means = byTemperature.values().stream()
                .map(bySeed -> drawn.stream().filter(bySeed::containsKey).map(bySeed::get).toList())
                .filter(points -> !points.isEmpty())
                .map(points -> new double[] {
                    points.stream().mapToDouble(FrontierPoint::diversity).sum() / points.size(),
                    points.stream().mapToDouble(FrontierPoint::quality).sum() / points.size()})
                .toArray(double[][]::new);
        double[] diversity = new double[means.length];
        double[] quality = new double[means.length];
        for (int i = 0; i < means.length; i++) {
            diversity[i] = means[i][0];
            quality[i] = means[i][1];
        }
        return new FrontierCurve(diversity, quality);
    }
}
