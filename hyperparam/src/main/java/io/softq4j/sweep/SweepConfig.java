package io.softq4j.sweep;

import io.softq4j.common.Drafts;
import io.softq4j.common.Items;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.OnlyIf;
import io.softq4j.common.Range;
import io.softq4j.common.UserError;
import io.softq4j.common.Varies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
 * <p>Each component is a key of the section {@code sweep}; its {@link Key} says what it means.
 */
public record SweepConfig(
        @Key(value = "from a key to its values or its range: `objective.lambda: [0, 0.1]`, `{min: 1e-4, max: 1e-2, scale: log}`",
                allowed = "lists of values, or ranges; below the table")
        @Varies(except = NOT_SWEPT)
        Map<String, Object> parameters,
        @Key(value = "each setting is trained once with each, as `training.seed`", allowed = "one or more, all different")
        @Items(atLeast = 1, distinct = true)
        List<Long> seeds,
        @Key("every combination of the lists, the first key changing slowest; or `trials` independent draws")
        Search search,
        @Key(value = "settings drawn by random search, each trained with every seed", allowed = "not used by grid")
        @Range(atLeast = 1)
        @OnlyIf(key = "search", is = "random")
        int trials,
        @Key("of the study: setting i of a random search is a function of it and i")
        long seed,
        @Key(value = "after this no new trial begins; run again to go on", allowed = "0: no limit")
        @Range(atLeast = 0)
        double maxMinutes,
        @Key(value = "trials at a time; they share one set of native threads and one memory limit, so they slow each other down",
                allowed = "1 is right for most machines")
        @Range(atLeast = 1)
        int parallelism,
        @Key("after a failed trial: begin no other, or record it and go on")
        boolean stopOnFailure,
        @Key(value = "what the frontier has upwards; if not set, `accuracy` where a task or `evaluation.metrics` measures it, else the first of "
                + "the metrics that compares with references; [evaluation.md](evaluation.md) says how a metric becomes an axis",
                allowed = "a metric that has a better and a worse")
        String quality,
        @Key(value = "what the frontier has to the right; if not set, calibration where prompts have several references, else `self_bleu_prompt`, "
                + "turned round",
                allowed = "as `quality`, or `collision_ratio`, of which 1 is best")
        String diversity) {

    /** Keys that are the same in all trials, or given by another key. */
    public static final String NOT_SWEPT = "(data|tokenizer|sweep)\\..*|training\\.seed";

    private static final Keys KEYS = Keys.of(SweepConfig.class);
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
        KEYS.check("trials", trials);
        KEYS.check("max_minutes", maxMinutes);
        KEYS.check("parallelism", parallelism);
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

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft parameters(Map<String, Object> value);

        Draft seeds(List<Long> value);

        Draft search(Search value);

        Draft trials(int value);

        Draft seed(long value);

        Draft maxMinutes(double value);

        Draft parallelism(int value);

        Draft stopOnFailure(boolean value);

        Draft quality(String value);

        Draft diversity(String value);
    }

    /** No parameter, seeds 1 to 3, grid, one trial at a time, no time limit: what a configuration file is laid over. */
    public static SweepConfig defaults() {
        return Drafts.make(SweepConfig.class, Draft.class,
                c -> c.parameters(Map.of()).seeds(List.of(1L, 2L, 3L)).search(Search.GRID).trials(20)
                .seed(1).maxMinutes(0).parallelism(1).stopOnFailure(false).quality(null).diversity(null));
    }

    /** This configuration with what {@code change} sets. */
    public SweepConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
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
        for (Long seed : seeds) {
            if (seed == null) {
                throw new UserError("sweep.seeds holds an empty entry; give whole numbers, as in [1, 2, 3].");
            }
        }
        KEYS.check("seeds", seeds);
        return List.copyOf(seeds);
    }
}
