package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns what a metric throws while it judges into a message that names the metric, its class and the prompt. */
final class MetricFault {

    private static final int SHOWN = 200;

    private MetricFault() {
    }

    /**
     * What {@code work} gives.
     *
     * @param when the work is done, as in the message: "while it judged"
     * @throws UserError if it fails by anything but a lack of memory
     */
    static <T> T guard(Metric metric, List<Item> items, String when, Supplier<T> work) {
        try {
            return work.get();
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            String where = culprit(metric, items).map(item -> " the prompt '" + shortened(item.prompt()) + "'"
                    + (item.samples().isEmpty() ? "" : " with the text '" + shortened(item.samples().get(0).text()) + "'")
                    + (item.samples().size() > 1 ? " and " + (item.samples().size() - 1) + " more" : "")).orElse(" all items together, none of them alone");
            throw new UserError("metric '" + metric.name() + "' (" + className(metric) + ") failed " + when + where + ": " + OwnClasses.words(e)
                    + ". A metric must give a value, NaN where there is none, for any text. Mend it, or leave it out of evaluation.metrics.", e);
        }
    }

    /** The first item on which the metric fails alone as well. */
    private static Optional<Item> culprit(Metric metric, List<Item> items) {
        return items.stream().filter(item -> fails(metric, item)).findFirst();
    }

    private static boolean fails(Metric metric, Item item) {
        try {
            metric.score(List.of(item)).corpus();
            return false;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            return true;
        }
    }

    private static String className(Metric metric) {
        return (metric instanceof OwnMetric own ? own.own() : metric).getClass().getName();
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
    }
}
