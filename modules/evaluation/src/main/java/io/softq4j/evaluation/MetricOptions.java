package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What stands beside a metric's name in the configuration: {@code bleu: {tokenize: intl}}. */
public final class MetricOptions {

    private final String metric;
    private final Map<String, Object> given;
    private final Set<String> read = new LinkedHashSet<>();
    private final Set<String> declared = new LinkedHashSet<>();

    MetricOptions(String metric, Map<String, Object> given) {
        this.metric = metric;
        this.given = given;
    }

    /** One of several words. */
    public String choice(String option, String standard, String... allowed) {
        Object value = value(option).orElse(standard);
        if (!Arrays.asList(allowed).contains(String.valueOf(value))) {
            throw refused(option, value, "one of " + String.join(", ", allowed));
        }
        return String.valueOf(value);
    }

    /** Any text; {@code standard} may be null. */
    public String text(String option, String standard) {
        Object value = value(option).orElse(standard);
        if (value instanceof Map || value instanceof Collection) {
            throw refused(option, value, "a text");
        }
        return value == null ? null : String.valueOf(value);
    }

    /** True or false. */
    public boolean flag(String option, boolean standard) {
        Object value = value(option).orElse(standard);
        if (!(value instanceof Boolean flag)) {
            throw refused(option, value, "true or false");
        }
        return flag;
    }

    /** A whole number. */
    public int number(String option, int standard, int atLeast) {
        Object value = value(option).orElse(standard);
        if (!(value instanceof Integer number) || number < atLeast) {
            throw refused(option, value, "a whole number of at least " + atLeast);
        }
        return number;
    }

    /** A number. */
    public double decimal(String option, double standard, double atLeast) {
        Object value = value(option).orElse(standard);
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue()) || number.doubleValue() < atLeast) {
            throw refused(option, value, "a number of at least " + atLeast);
        }
        return number.doubleValue();
    }

    /** Whole numbers, in their order, each once. */
    public List<Integer> numbers(String option, List<Integer> standard, int atLeast) {
        Object value = value(option).orElse(standard);
        Collection<?> values = value instanceof Collection<?> several ? several : List.of(value);
        Set<Integer> numbers = new LinkedHashSet<>();
        for (Object each : values) {
            if (!(each instanceof Integer number) || number < atLeast || !numbers.add(number)) {
                throw refused(option, value, "different whole numbers of at least " + atLeast);
            }
        }
        if (numbers.isEmpty()) {
            throw refused(option, value, "at least one whole number");
        }
        return new ArrayList<>(numbers);
    }

    private Optional<Object> value(String option) {
        read.add(option);
        return Optional.ofNullable(given.get(option));
    }

    private UserError refused(String option, Object value, String allowed) {
        return new UserError("evaluation.metrics: " + metric + ": " + option + " must be " + allowed + ", was " + value + ".");
    }

    /**
     * Names all options, before any is read, where some are read only beside others.
     *
     * @throws UserError if one was given that is not among them
     */
    void requireAmong(String... all) {
        declared.addAll(Arrays.asList(all));
        require(declared);
    }

    /** After all are read. @throws UserError if one was given that the metric does not have, or does not have beside the others */
    void requireKnown() {
        Set<String> idle = new TreeSet<>(given.keySet());
        idle.removeAll(read);
        idle.retainAll(declared);
        if (!idle.isEmpty()) {
            throw new UserError("evaluation.metrics: " + metric + ": " + String.join(", ", idle) + " would have no effect beside what else is set; seen "
                    + given + ". softq evaluate --list shows what goes together.");
        }
        require(read);
    }

    private void require(Set<String> known) {
        Set<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new UserError("evaluation.metrics: " + metric + " has no option " + String.join(", ", unknown) + "; "
                    + (known.isEmpty() ? "it has none." : "it has " + String.join(", ", known) + "."));
        }
    }
}
