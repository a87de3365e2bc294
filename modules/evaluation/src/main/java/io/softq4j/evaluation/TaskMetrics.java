package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        metrics.add(distinctCorrect(task));
        return metrics;
    }

    /**
     * The same, each name once, with the k of a pass@k brought down to the number of samples.
     *
     * @param samples of each prompt; 0 where that is not known
     */
    public static List<Metric> clipped(List<Metric> metrics, int samples) {
        Set<String> names = new HashSet<>();
        return metrics.stream().map(metric -> samples > 0 && metric instanceof PassAt pass && pass.k() > samples ? new PassAt(pass.task(), samples) : metric)
                .filter(metric -> names.add(metric.name())).toList();
    }

    /** Each k of the metrics that are a pass@k, in their order. */
    public static List<Integer> ks(List<Metric> metrics) {
        return metrics.stream().filter(PassAt.class::isInstance).map(metric -> ((PassAt) metric).k()).toList();
    }

    static MetricFamily accuracy() {
        return new MetricFamily("accuracy", "share of samples that are right, by a task or by a regular expression that finds the answer; 0 to 1", "",
                "task, or pattern, group, match: last (or first), normalise: number (or text, none)", options -> {
                    options.requireAmong("task", "pattern", "group", "match", "normalise");
                    String pattern = options.text("pattern", null);
                    return List.of(pattern == null ? new Accuracy(task(options, "accuracy")) : PatternMetric.of(pattern, options));
                });
    }

    static MetricFamily passAtK() {
        return new MetricFamily("pass@k", "chance that one of k samples is right, by a task; 0 to 1", "Chen et al. 2021, arXiv 2107.03374", "task, k: [1]",
                options -> {
                    options.requireAmong("task", "k");
                    Task task = task(options, "pass@k");
                    return options.numbers("k", List.of(1), 1).stream().map(k -> (Metric) new PassAt(task, k)).toList();
                });
    }

    private static Task task(MetricOptions options, String metric) {
        String task = options.text("task", null);
        if (task == null) {
            throw new UserError("evaluation.metrics: " + metric + " needs a task that tells right from wrong, {" + metric + ": {task: gsm8k}}"
                    + (metric.equals("accuracy") ? ", or a regular expression that finds the answer, {accuracy: {pattern: 'answer is (\\d+)'}}" : "")
                    + ". evaluation.task: gsm8k brings both accuracy and pass@k.");
        }
        return Tasks.named(task);
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
    private static Metric distinctCorrect(Task task) {
        return new CorpusMetric("distinct_correct", Direction.HIGHER, Set.of(Need.SAMPLES), items -> Scores.meansOfItems(items.stream()
                .mapToDouble(item -> item.samples().isEmpty() ? Double.NaN : item.texts().stream()
                        .map(text -> canonicalIfCorrect(task, item, text)).filter(Objects::nonNull).distinct().count()).toArray()));
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
