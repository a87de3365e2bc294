package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A metric of the user's, with what it says of itself asked once and found good.
 *
 * @param own       what the user wrote
 * @param name      of {@link Metric#name()}
 * @param direction which way is better
 * @param needs     what it cannot do without
 * @param signature what there is to know to compute it again
 */
record OwnMetric(Metric own, String name, Direction direction, Set<Need> needs, String signature) implements Metric {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+@.-]+");

    /**
     * Asks a metric what it is.
     *
     * @throws UserError naming the class, if an answer is null, is not allowed or fails
     */
    static OwnMetric of(Metric own) {
        String who = "metric class '" + own.getClass().getName() + "'";
        try {
            String name = answer(own.name(), who, "name()", "a key that reports carry, such as rougeL");
            if (!NAME.matcher(name).matches()) {
                throw new UserError(who + ": name() gave '" + name + "'. Allowed are letters, digits and _ + @ . - since reports and options carry it.");
            }
            Direction direction = answer(own.direction(), who, "direction()", "HIGHER, LOWER or NEITHER");
            Set<Need> needs = answer(own.needs(), who, "needs()", "a set, such as Set.of(Need.SAMPLES)");
            if (needs.stream().anyMatch(Objects::isNull)) {
                throw new UserError(who + ": needs() gave a set with null in it; allowed are the constants of Need.");
            }
            return new OwnMetric(own, name, direction, Set.copyOf(needs), answer(own.signature(), who, "signature()", "a text, such as the name"));
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw new UserError(who + " fails where it is asked for its name, direction, needs and signature: " + OwnClasses.words(e)
                    + ". These must not depend on anything.", e);
        }
    }

    private static <T> T answer(T value, String who, String method, String allowed) {
        if (value == null) {
            throw new UserError(who + ": " + method + " gave null; it has to give " + allowed + ".");
        }
        return value;
    }

    @Override
    public String signature(List<Item> items) {
        return Objects.requireNonNullElse(own.signature(items), signature);
    }

    /** Refuses scores that do not go with the items. */
    @Override
    public Scores score(List<Item> items) {
        Scores scores = own.score(items);
        if (scores == null) {
            throw new IllegalStateException("score() gave null");
        }
        if (scores.items() == null || scores.items().length > 0 && scores.items().length != items.size()) {
            throw new IllegalStateException("score() has to give no values of items or one for each of " + items.size() + ", and gave "
                    + (scores.items() == null ? "null" : scores.items().length));
        }
        return scores;
    }
}
