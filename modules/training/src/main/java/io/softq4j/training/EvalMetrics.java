package io.softq4j.training;

import com.fasterxml.jackson.annotation.JsonValue;
import io.softq4j.objective.Figure;
import io.softq4j.objective.Figures;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An evaluation while training, as a line of {@code metrics.jsonl}: means over all validation examples of each set, and what an
 * {@link EvalHook} adds.
 *
 * @param step  updates made before
 * @param epoch passes over the training examples
 * @param sets  of each validation set, in their order
 * @param more  further figures by name without {@code eval_}; NaN is written as null
 */
public record EvalMetrics(long step, double epoch, List<OfSet> sets, Map<String, Double> more) {

    private static final String PREFIX = "eval_";

    /**
     * What was measured on one set.
     *
     * @param name    of the set; empty for the one without
     * @param figures the loss and what the objective tells of it, with the weights of the last update
     * @param rows    rows that were read; 0 if nothing is known of the cost
     * @param seconds that it took; from the clock
     */
    public record OfSet(String name, Figures figures, long rows, double seconds) {

        /** What the keys of the set begin with. */
        String prefix() {
            return prefix(name);
        }

        static String prefix(String set) {
            return set.isEmpty() ? PREFIX : PREFIX + set + "_";
        }
    }

    public EvalMetrics {
        sets = List.copyOf(sets);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** Of one set without a name, its cost not known. */
    public EvalMetrics(long step, double epoch, Figures figures) {
        this(step, epoch, List.of(new OfSet("", figures, 0, 0)), Map.of());
    }

    /** The validation loss: of the set without a name, else of the first; NaN if there is none. */
    public double loss() {
        return sets.isEmpty() ? Double.NaN : first().figures().loss();
    }

    /** The figures of the set without a name, else of the first; none without a set. */
    public Figures figures() {
        return sets.isEmpty() ? Figures.NONE : first().figures();
    }

    private OfSet first() {
        return sets.stream().filter(set -> set.name().isEmpty()).findFirst().orElse(sets.get(0));
    }

    /** The line, by key: {@code eval_}, the name of the set if it has one, and the figure's name. */
    @JsonValue
    public Map<String, Number> keys() {
        Map<String, Number> keys = new LinkedHashMap<>();
        keys.put("step", step);
        keys.put("epoch", epoch);
        for (OfSet set : sets) {
            keys.putAll(set.figures().keys(set.prefix()));
            keys.putAll(set.figures().extraKeys(set.prefix()));
        }
        more.forEach((name, value) -> keys.put(PREFIX + name, Double.isNaN(value) ? null : value));
        for (OfSet set : sets) {
            if (set.rows() > 0) {
                keys.put(set.prefix() + "runtime", set.seconds());
                keys.put(set.prefix() + "samples_per_second", set.rows() / Math.max(1e-9, set.seconds()));
            }
        }
        return keys;
    }

    /** The value of a key; NaN where it is null or there is none, as of an extra part of the loss that is 0. */
    double value(String key) {
        Number value = keys().get(key);
        return value == null ? Double.NaN : value.doubleValue();
    }

    /** In short: the loss of each set and the further figures, such as {@code loss 1.2345, bleu 10.2}. */
    public String text() {
        return Stream.concat(sets.stream().map(set -> String.format(Locale.ROOT, "%sloss %.4f", set.name().isEmpty() ? "" : set.name()
                + " ",
                set.figures().loss())), further()).collect(Collectors.joining(", "));
    }

    /** A line for a log, with the terms of each loss and what it cost. */
    String line() {
        String losses = sets.stream().map(set -> {
            String terms = set.figures().text(Figure.Role.TERM);
            return String.format(Locale.ROOT, "%sloss %.4f%s", set.name().isEmpty() ? "" : set.name() + " ", set.figures().loss(),
                    terms.isEmpty() ? "" : " (" + terms + ")");
        }).collect(Collectors.joining(", "));
        String rest = further().collect(Collectors.joining(", "));
        long rows = sets.stream().mapToLong(OfSet::rows).sum();
        double seconds = sets.stream().mapToDouble(OfSet::seconds).sum();
        String cost = rows == 0 ? "" : String.format(Locale.ROOT, "  %,d rows in %.2f s, %,.0f/s", rows, seconds,
                rows / Math.max(1e-9, seconds));
        return Stream.of(losses, rest).filter(text -> !text.isEmpty()).collect(Collectors.joining(", ")) + cost;
    }

    /** What was measured beside the losses; what it cost is in the file alone. */
    private Stream<String> further() {
        return more.entrySet().stream()
                .filter(figure -> !figure.getKey().endsWith("_runtime") && !figure.getKey().endsWith("_per_second")).map(figure -> String.format(Locale.ROOT, "%s %s", figure.getKey(),
                Double.isNaN(figure.getValue()) ? "-" : String.format(Locale.ROOT, Math.abs(figure.getValue()) >= 10 ? "%.1f" : "%.3f",
                figure.getValue())));
    }
}
