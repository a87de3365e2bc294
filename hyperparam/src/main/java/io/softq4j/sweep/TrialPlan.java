package io.softq4j.sweep;

import io.softq4j.common.Streams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trials of a study, all known before the first one runs: trial i is a function of the study's configuration and i.
 *
 * <p>Grid: the first key changes slowest, the last faster, the seed fastest. Random: setting c takes each coordinate from the stream
 * of (study seed, c, number of the key), and trial i is setting i / seeds with seed number i mod seeds.
 *
 * @param space  of the study
 * @param points of each trial in the space's unit cube
 * @param trials by index
 */
record TrialPlan(TrialSpace space, List<double[]> points, List<Trial> trials) {

    static TrialPlan of(SweepConfig config, Path out) {
        TrialSpace space = new TrialSpace(config);
        List<Space> spaces = List.copyOf(config.spaces().values());
        int settings = config.search() == Search.RANDOM ? config.trials()
                : spaces.stream().mapToInt(s -> ((Space.Values) s).values().size()).reduce(1, Math::multiplyExact);
        List<double[]> points = new ArrayList<>();
        List<Trial> trials = new ArrayList<>();
        for (int setting = 0; setting < settings; setting++) {
            double[] unit = config.search() == Search.RANDOM ? drawn(config.seed(), setting, spaces.size()) : cell(spaces, setting);
            for (int s = 0; s < config.seeds().size(); s++) {
                unit[spaces.size()] = centre(s, config.seeds().size());
                double[] point = unit.clone();
                points.add(point);
                trials.add(trial(trials.size(), space.getValue(point), out));
            }
        }
        return new TrialPlan(space, points, trials);
    }

    /** The same trials in the directories that those of {@code placed} have. */
    TrialPlan with(List<Trial> placed) {
        return new TrialPlan(space, points, placed);
    }

    private static Trial trial(int index, LinkedHashMap<String, Object> values, Path out) {
        Map<String, Object> parameters = new LinkedHashMap<>(values);
        long seed = (Long) parameters.remove(TrialSpace.SEED);
        return new Trial(index, parameters, seed, out.resolve(Labels.directory(index, parameters, seed)));
    }

    /** Coordinates of the grid's cell number {@code setting}, the last space fastest; one more place for the seed. */
    private static double[] cell(List<Space> spaces, int setting) {
        double[] unit = new double[spaces.size() + 1];
        int rest = setting;
        for (int j = spaces.size() - 1; j >= 0; j--) {
            int n = ((Space.Values) spaces.get(j)).values().size();
            unit[j] = centre(rest % n, n);
            rest /= n;
        }
        return unit;
    }

    /** The middle of the k-th of n equal parts of [0, 1): no rounding can move it to a neighbour. */
    private static double centre(int k, int n) {
        return (k + 0.5) / n;
    }

    private static double[] drawn(long seed, int setting, int spaces) {
        double[] unit = new double[spaces + 1];
        for (int j = 0; j < spaces; j++) {
            unit[j] = Streams.of("sweep", seed, setting, j).nextDouble();
        }
        return unit;
    }
}
