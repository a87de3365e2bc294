package io.softq4j.evaluation;

import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds a task by what the user wrote: a name of ours, or the class name of a {@link Task} of the user's own. */
public final class Tasks {

    static final String GSM8K = "gsm8k";
    static final String EXACT_MATCH = "exact_match";

    private static final List<String> NAMES = List.of(EXACT_MATCH, GSM8K);
    private static final List<String> SETS = MetricSet.all().stream().map(MetricSet::name).toList();
    private static final String NEXT_STEP = "Tasks here: exact_match:FIELD (equals a field of the record), gsm8k; sets of metrics: "
            + String.join(", ", SETS) + "; or the class name (with its package) of an io.softq4j.evaluation.Task of your own on the class path.";

    private Tasks() {
    }

    /**
     * The task called {@code name}: {@code gsm8k}, {@code exact_match:FIELD}, or a class name such as {@code com.example.Riddles}.
     *
     * @throws UserError if there is none, with the names that exist and the nearest of them
     */
    public static Task named(String name) {
        if (name.equals(GSM8K)) {
            return new Gsm8k();
        }
        if (name.equals(EXACT_MATCH) || name.equals(EXACT_MATCH + ":")) {
            throw new UserError("task 'exact_match' needs the field that holds the reference: exact_match:FIELD, for example exact_match:response.");
        }
        if (name.startsWith(EXACT_MATCH + ":")) {
            return new ExactMatch(name.substring(EXACT_MATCH.length() + 1));
        }
        return OwnClasses.isMeant(name) ? OwnClasses.make(name, Task.class, "task", NEXT_STEP) : unknown(name);
    }

    private static Task unknown(String name) {
        String stem = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
        String meant = Suggestion.nearest(stem.toLowerCase(Locale.ROOT), Stream.concat(NAMES.stream(), SETS.stream()).toList()).map(nearest -> "Did you mean '" + nearest + "'? ").orElse("");
        throw new UserError("no task is called '" + name + "'. " + meant + NEXT_STEP);
    }
}
