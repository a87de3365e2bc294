package io.softq4j.benchmark;

import io.softq4j.cli.benchmark.MetricsBenchmark;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Streams;
import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Sample;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** {@code softq benchmark metrics}. */
public final class MetricsMeasurements implements MetricsBenchmark {

    /** All that judge texts by themselves or against references. */
    static final List<Object> ALL = List.of("bleu", "chrf", "chrf++", "rouge1", "rouge2", "rougeL", "rougeLsum", "exact_match", "f1",
            Map.of("accuracy", Map.of("pattern", "word(\\d+)")), "collision", "collision_ratio", "collision_ratio_ngrams", "coverage",
            "coverage_ngrams",
            "self_bleu", "self_bleu_prompt", "distinct", "ngram_entropy", "vendi", "compression_ratio", "words");
    private static final double GOAL_SECONDS = 60;
    private static final int PROMPTS = 2000;
    private static final int SAMPLES = 5;
    private static final int REFERENCES = 2;
    private static final int WORDS = 64;
    private static final int VOCABULARY = 20_000;

    /** For the service loader. */
    public MetricsMeasurements() {
    }

    @Override
    public void run(Options options, PrintWriter out, PrintWriter err) {
        List<Metric> metrics = Metrics.named(options.metrics().isEmpty() ? ALL : options.metrics());
        Report report = new Report(rows(metrics, items(PROMPTS), options.rounds(), err));
        options.json().ifPresent(file -> AtomicFiles.writeString(file, report.json()));
        out.print(report.table());
        out.flush();
    }

    /** A row for each metric and one for all; nothing is warmed up, since a user judges once. */
    static List<Row> rows(List<Metric> metrics, List<Item> items, int rounds, PrintWriter err) {
        String note = "the goal for all of them together, " + items.size() * SAMPLES + " texts of " + WORDS + " words";
        List<Row> rows = new ArrayList<>();
        double sum = 0;
        for (Metric metric : metrics) {
            err.println("softq: measuring " + metric.name());
            err.flush();
            double[] seconds = IntStream.range(0, rounds).mapToDouble(round -> seconds(metric, items)).sorted().toArray();
            double median = seconds[rounds / 2];
            sum += median;
            rows.add(Row.of(metric.name(), median, GOAL_SECONDS, "s", Goal.atMost(1), note));
        }
        rows.add(Row.of("all of the above", sum, GOAL_SECONDS, "s", Goal.atMost(1), note));
        return rows;
    }

    private static double seconds(Metric metric, List<Item> items) {
        long start = System.nanoTime();
        Evaluator.judge(List.of(metric), items, null, 1);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Prompts whose references have words in common, of which each sample repeats one with every third word drawn anew. */
    static List<Item> items(int prompts) {
        SplittableRandom random = Streams.of("texts to judge", 1);
        List<Item> items = new ArrayList<>();
        for (int p = 0; p < prompts; p++) {
            String[] base = new String[WORDS];
            Arrays.setAll(base, i -> word(random));
            List<String> references = IntStream.range(0, REFERENCES).mapToObj(r -> varied(base, random)).toList();
            List<Sample> samples = IntStream.range(0, SAMPLES).mapToObj(s -> Sample.of(s < 2 ? references.get(0)
                    : varied(base, random))).toList();
            List<String> twice = new ArrayList<>(references);
            twice.add(references.get(0));
            items.add(new Item("prompt " + p, p % 10 == 0 ? twice : references, List.of(Map.of()), samples, List.of()));
        }
        return items;
    }

    private static String varied(String[] base, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < base.length; i++) {
            text.append(random.nextInt(3) == 0 ? word(random) : base[i]).append(i == base.length - 1 ? "." : i % 16 == 15 ? ".\n"
                    : i % 7 == 6 ? ", " : " ");
        }
        return text.toString();
    }

    /** As frequent as Zipf's law has it, the chance of rank r falling as 1 / r. */
    private static String word(SplittableRandom random) {
        return "word" + (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
    }
}
