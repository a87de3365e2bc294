package io.softq4j.evaluation;

import io.softq4j.evaluation.text.Collisions;
import io.softq4j.evaluation.text.SquadAnswer;
import io.softq4j.evaluation.text.Whitespace;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Whether a model is as diverse as its data: collisions of its samples beside those of the references, and references that its samples
 * reach.
 */
final class CalibrationMetrics {

    private static final String PAPER = "Skobelev, Fithian, Han 2026";

    private CalibrationMetrics() {
    }

    static MetricFamily collision() {
        return new MetricFamily("collision", "chance that two samples of a prompt are equal", PAPER, "form: text (or squad)", options -> {
            String form = form(options);
            return List.of(new CorpusMetric("collision", Direction.NEITHER, Set.of(Need.SEVERAL_SAMPLES), "collision|form:" + form, items ->
                    Scores.meansOfItems(items.stream().mapToDouble(item -> Collisions.probability(formed(item.texts(), form))).toArray())));
        });
    }

    static MetricFamily ratio() {
        return new MetricFamily("collision_ratio", "the same over the chance that two references are equal; 1 is calibrated", PAPER,
                "form: text (or squad)", options -> {
                    String form = form(options);
                    return List.of(new CollisionRatio("collision_ratio", "collision_ratio|form:" + form, texts ->
                            Collisions.probability(formed(texts, form))));
                });
    }

    static MetricFamily ratioOfNGrams() {
        return new MetricFamily("collision_ratio_ngrams", "the same of an n-gram of each, for long texts; 1 is calibrated", PAPER, "n: [2]",
                options -> options.numbers("n", List.of(2), 1).stream().map(CalibrationMetrics::ratioOfNGrams).toList());
    }

    private static Metric ratioOfNGrams(int n) {
        String name = "collision_ratio_" + n + "grams";
        return new CollisionRatio(name, name, texts -> Collisions.probabilityOfNGrams(texts, n));
    }

    static MetricFamily coverage() {
        return new MetricFamily("coverage", "share of a prompt's different references that are among its samples", "",
                "form: text (or squad)",
                options -> {
                    String form = form(options);
                    return List.of(coverage("coverage", "coverage|form:" + form, (references, samples) ->
                            Collisions.coverage(formed(references, form), formed(samples, form))));
                });
    }

    static MetricFamily coverageOfNGrams() {
        return new MetricFamily("coverage_ngrams", "share of the different n-grams of a prompt's references that are in its samples", "",
                "n: [2]",
                options -> options.numbers("n", List.of(2), 1).stream().map(CalibrationMetrics::coverageOfNGrams).toList());
    }

    private static Metric coverageOfNGrams(int n) {
        String name = "coverage_" + n + "grams";
        return coverage(name, name, (references, samples) -> Collisions.coverageOfNGrams(references, samples, n));
    }

    private static Metric coverage(String name, String signature, ToDoubleBiFunction<List<String>, List<String>> share) {
        return new CorpusMetric(name, Direction.HIGHER, Set.of(Need.SAMPLES, Need.REFERENCES), signature,
                items -> Scores.meansOfItems(items.stream()
                .mapToDouble(item -> item.samples().isEmpty() ? Double.NaN
                : share.applyAsDouble(item.references(), item.texts())).toArray()));
    }

    private static String form(MetricOptions options) {
        return options.choice("form", "text", "text", "squad");
    }

    private static List<String> formed(List<String> texts, String form) {
        UnaryOperator<String> normal = form.equals("squad") ? SquadAnswer::normalise : Whitespace::normalise;
        return texts.stream().map(normal).toList();
    }

    /**
     * R = C(model) / C(data), over prompts that have two samples and two references or more: the means of both over these prompts first,
     * then their ratio.
     *
     * @param name        as in reports
     * @param form        what there is to know to compute it again
     * @param probability C of the texts of a prompt
     */
    record CollisionRatio(String name, String form, ToDoubleFunction<List<String>> probability) implements Metric {

        @Override
        public Direction direction() {
            return Direction.NEITHER;
        }

        @Override
        public Set<Need> needs() {
            return Set.of(Need.SEVERAL_SAMPLES, Need.SEVERAL_REFERENCES);
        }

        @Override
        public String signature() {
            return form;
        }

        /** How many prompts it is made of, and why it has no value. */
        @Override
        public String signature(List<Item> items) {
            double[][] statistics = statistics(items);
            double prompts = 0;
            double data = 0;
            for (double[] row : statistics) {
                prompts += row.length == 0 ? 0 : 1;
                data += row.length == 0 ? 0 : row[1];
            }
            String none = prompts == 0 ? "|undefined:no prompt has two samples and two references" : data == 0
                    ? "|undefined:no two references of a prompt are equal" : "";
            return form + "|prompts:" + (int) prompts + none;
        }

        @Override
        public Scores score(List<Item> items) {
            return Scores.sumsOfItems(statistics(items), sum -> sum[1] == 0 ? Double.NaN : sum[0] / sum[1]);
        }

        private double[][] statistics(List<Item> items) {
            return items.stream().map(item -> {
                double model = probability.applyAsDouble(item.texts());
                double data = probability.applyAsDouble(item.references());
                return Double.isNaN(model) || Double.isNaN(data) ? new double[0] : new double[] {model, data};
            }).toArray(double[][]::new);
        }
    }
}
