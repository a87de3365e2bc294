package io.softq4j.sweep;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which trials a sweep has, and how they are run.
 *
 * <pre>
 * parameters:
 *   objective.lambda: [0, 0.1, 0.5]
 *   training.learning_rate: {min: 1e-4, max: 1e-2, scale: log}    # search: random only
 * seeds: [1, 2, 3]
 * </pre>
 *
 * @param parameters    from a dotted configuration key to its {@link Space}: a list of values, or {@code {min, max, scale: linear|log}}; the order
 *                      written is the order of the grid, the first key changing slowest
 * @param seeds         each parameter setting is trained once per seed
 * @param search        grid: every combination of the lists; random: {@code trials} settings drawn at random
 * @param trials        number of settings drawn by random search, each trained once per seed; not used by grid
 * @param seed          of the study: setting i of a random search is a function of it and i, whatever finishes first; not used by grid
 * @param maxMinutes    after this no new trial begins, the running ones finish; 0 for no limit. Run again to continue
 * @param parallelism   trials at a time. 1 unless there is a reason: ND4J has one set of native threads and one memory limit per process, so trials
 *                      side by side slow each other down and add up their memory
 * @param stopOnFailure true: after the first failed trial no new one begins; false: a failed trial is recorded and the others go on
 */
public record SweepConfig(Map<String, Object> parameters, List<Long> seeds, Search search, int trials, long seed, double maxMinutes, int parallelism,
                          boolean stopOnFailure) {

    /** More than this is a slip of the pen: a thousand settings with ten seeds. */
    static final int MAX_TRIALS = 10_000;
    private static final String LAMBDA = "objective.lambda";

    /** @throws UserError naming the key under {@code sweep.}, the value seen and what is allowed */
    public SweepConfig {
        search = search == null ? Search.GRID : search;
        Map<String, Object> checked = new LinkedHashMap<>();
        Map<String, Object> given = parameters == null ? Map.of() : parameters;
        for (Map.Entry<String, Object> entry : given.entrySet()) {
            checked.put(entry.getKey(), checked(entry.getKey(), entry.getValue(), search).toConfig());
        }
        parameters = Collections.unmodifiableMap(checked);
        seeds = seeds == null ? List.of(1L, 2L, 3L) : checkedSeeds(seeds);
        if (search == Search.RANDOM && trials < 1) {
            throw new UserError("sweep.trials is " + trials + "; random search needs at least 1: the number of settings to draw, each trained "
                    + "once per seed.");
        }
        if (!(maxMinutes >= 0) || Double.isInfinite(maxMinutes)) {
            throw new UserError("sweep.max_minutes is " + maxMinutes + "; it must be 0 (no limit) or a positive number of minutes.");
        }
        if (parallelism < 1) {
            throw new UserError("sweep.parallelism is " + parallelism + "; it must be at least 1 (trials at a time; 1 is right for most machines).");
        }
        long size = search == Search.RANDOM ? trials : 1;
        for (Map.Entry<String, Object> entry : parameters.entrySet()) {
            if (search == Search.GRID && Space.parse(entry.getKey(), entry.getValue()) instanceof Space.Values v) {
                size = Math.min(size * v.values().size(), Integer.MAX_VALUE);
            }
        }
        size *= seeds.size();
        if (size > MAX_TRIALS) {
            throw new UserError("sweep: " + size + " trials (" + size / seeds.size() + " settings x " + seeds.size() + " seeds); at most "
                    + MAX_TRIALS + ". Give fewer values, or search: random with trials: 20, say.");
        }
    }

    /** No parameter, seeds 1 to 3, grid, one trial at a time, no time limit: what a configuration file is laid over. */
    public static SweepConfig defaults() {
        return new SweepConfig(Map.of(), List.of(1L, 2L, 3L), Search.GRID, 20, 1, 0, 1, false);
    }

    /** The space of each parameter, in the order written. */
    Map<String, Space> spaces() {
        Map<String, Space> spaces = new LinkedHashMap<>();
        parameters.forEach((key, value) -> spaces.put(key, Space.parse(key, value)));
        return spaces;
    }

    /** What is allowed but likely not meant, one sentence each; empty when there is nothing to say. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (parameters.isEmpty()) {
            warnings.add("sweep.parameters is empty: the same configuration is trained with " + seeds.size() + " seed(s).");
        }
        if (parameters.containsKey(LAMBDA) && !(Space.parse(LAMBDA, parameters.get(LAMBDA)) instanceof Space.Values v && v.contains(0))) {
            warnings.add("sweep.parameters." + LAMBDA + " does not include 0, maximum likelihood: there is no baseline to compare with.");
        }
        if (seeds.size() == 1) {
            warnings.add("sweep.seeds has one seed: the results have no error bars.");
        }
        return List.copyOf(warnings);
    }

    private static Space checked(String key, Object value, Search search) {
        if (key == null || !key.matches("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*")) {
            throw new UserError("sweep.parameters: '" + key + "' is not a configuration key; write its path with dots, as in objective.lambda.");
        }
        if (key.equals("seed")) {
            throw new UserError("sweep.parameters.seed: seeds are given by sweep.seeds: [1, 2, 3], so that results can be averaged over them.");
        }
        Space space = Space.parse(key, value);
        if (search == Search.GRID && space instanceof Space.Range range) {
            throw new UserError("sweep.parameters." + key + " is a range from " + Labels.of(range.min()) + " to " + Labels.of(range.max())
                    + ", and search: grid needs a list of values. Give a list, as in [" + Labels.of(range.min()) + ", " + Labels.of(range.max())
                    + "], or set search: random and trials.");
        }
        return space;
    }

    private static List<Long> checkedSeeds(List<Long> seeds) {
        if (seeds.isEmpty()) {
            throw new UserError("sweep.seeds is empty; give at least one, as in [1, 2, 3].");
        }
        Set<Long> seen = new HashSet<>();
        for (Long seed : seeds) {
            if (seed == null) {
                throw new UserError("sweep.seeds holds an empty entry; give whole numbers, as in [1, 2, 3].");
            }
            if (!seen.add(seed)) {
                throw new UserError("sweep.seeds holds " + seed + " twice; the same run twice gives the same result. Give different seeds.");
            }
        }
        return List.copyOf(seeds);
    }
}
