package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.lang.reflect.InvocationTargetException;
import java.util.Comparator;
import java.util.List;

/** Finds a task by what the user wrote: a name of ours, or the class name of a {@link Task} of the user's own. */
public final class Tasks {

    static final String GSM8K = "gsm8k";
    static final String EXACT_MATCH = "exact_match";

    private static final List<String> NAMES = List.of(EXACT_MATCH, GSM8K);
    private static final String NEXT_STEP = "Tasks here: exact_match:FIELD (equals a field of the record), gsm8k; "
            + "or the class name (with its package) of a io.softq4j.evaluation.Task of your own on the class path.";

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
        return name.contains(".") ? instance(name) : unknown(name);
    }

    private static Task unknown(String name) {
        String stem = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
        String nearest = NAMES.stream().min(Comparator.comparingInt(known -> distance(stem.toLowerCase(java.util.Locale.ROOT), known))).orElseThrow();
        throw new UserError("no task is called '" + name + "'. Did you mean '" + nearest + "'? " + NEXT_STEP);
    }

    private static Task instance(String className) {
        try {
            Class<?> type = Class.forName(className, true, loader());
            if (!Task.class.isAssignableFrom(type)) {
                throw new UserError("task class '" + className + "' does not implement " + Task.class.getName() + ". " + NEXT_STEP);
            }
            return (Task) type.getConstructor().newInstance();
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UserError("task class '" + className + "' cannot be loaded: " + e + ". Is its jar on the class path? " + NEXT_STEP, e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new UserError("task class '" + className + "' must be a public class, not abstract, "
                    + "with a public constructor without parameters.", e);
        } catch (InvocationTargetException e) {
            throw new UserError("the constructor of task class '" + className + "' failed: " + e.getCause(), e);
        }
    }

    private static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? Tasks.class.getClassLoader() : context;
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
