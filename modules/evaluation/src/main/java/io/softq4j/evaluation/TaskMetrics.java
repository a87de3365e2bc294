package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What follows from a {@link Task} that tells right from wrong: accuracy (mean over prompts of the share of its samples that are right), pass@k
 * ({@link PassAtK}), and the number of different right answers to a prompt, the one quality that a model repeating a single right answer cannot win.
 */
public final class TaskMetrics {

    private TaskMetrics() {
    }

    /** @param ks the k of pass@k */
    public static List<Metric> of(Task task, Collection<Integer> ks) {
        List<Metric> metrics = new ArrayList<>(List.of(new Accuracy(task)));
        ks.forEach(k -> metrics.add(new PassAt(task, k)));
        metrics.add(new DistinctCorrect(task));
        return metrics;
    }

    /** Share of a prompt's samples that are right. */
    private record Accuracy(Task task) implements SampleMetric {

        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public String signature() {
            return "accuracy|task:" + task.name();
        }

        @Override
        public double value(Item item, String text) {
            return canonicalIfCorrect(task, item, text) == null ? 0 : 1;
        }
    }

    /** The chance that one of k samples of a prompt is right. */
    private record PassAt(Task task, int k) implements Metric {

        @Override
        public String name() {
            return "pass@" + k;
        }

        @Override
        public Direction direction() {
            return Direction.HIGHER;
        }

        @Override
        public Set<Need> needs() {
            return Set.of(Need.SAMPLES);
        }

        @Override
        public Scores score(List<Item> items) {
            return Scores.meansOfItems(items.stream().mapToDouble(item -> item.samples().size() < k ? Double.NaN : PassAtK.estimate(
                    item.samples().size(), (int) item.texts().stream().filter(text -> canonicalIfCorrect(task, item, text) != null).count(), k))
                    .toArray());
        }
    }

    /** Different right answers among a prompt's samples. */
    private record DistinctCorrect(Task task) implements Metric {

        @Override
        public String name() {
            return "distinct_correct";
        }

        @Override
        public Direction direction() {
            return Direction.HIGHER;
        }

        @Override
        public Set<Need> needs() {
            return Set.of(Need.SAMPLES);
        }

        @Override
        public Scores score(List<Item> items) {
            return Scores.meansOfItems(items.stream().mapToDouble(item -> {
                Set<String> different = new HashSet<>();
                item.texts().forEach(text -> different.add(canonicalIfCorrect(task, item, text)));
                different.remove(null);
                return item.samples().isEmpty() ? Double.NaN : different.size();
            }).toArray());
        }
    }

    /** The form in which a right answer is told from others; null where it is wrong. */
    private static String canonicalIfCorrect(Task task, Item item, String text) {
        try {
            for (Map<String, String> fields : item.records()) {
                if (task.correct(fields, text)) {
                    return task.canonical(fields, text);
                }
            }
            return null;
        } catch (UserError e) {
            throw new UserError("prompt '" + item.prompt() + "': " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new UserError("task '" + task.name() + "' (" + task.getClass().getName() + ") failed on the prompt '" + item.prompt()
                    + "', response '" + text + "': " + e + ". A task must give an answer for any text.", e);
        }
    }
}
