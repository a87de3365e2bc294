package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.Records;
import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.Counts;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.Sample;
import io.softq4j.evaluation.Scores;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.SpecialTokens;
import io.softq4j.model.LanguageModel;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.EvalHook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run writes at its evaluations, {@code evaluation.predict_with_generate}: the same prompts each time, judged by the metrics of the
 * section. Everything that can be wrong with prompts and metrics is found when this is made, before there is a model.
 *
 * @param sets    what is asked, by validation set
 * @param sampler how
 */
record TextsWhileTraining(List<OfSet> sets, GenerationConfig sampler) {

    /**
     * What is asked of one set.
     *
     * @param name    of the set; empty for the one without
     * @param prompts drawn once
     * @param metrics that judge what is written
     */
    record OfSet(String name, DistinctPrompts prompts, List<Metric> metrics) {

        String prefix() {
            return name.isEmpty() ? "" : name + "_";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TextsWhileTraining.class);

    /**
     * Reads the prompts and tries the metrics on them.
     *
     * @return empty if the run does not write texts
     * @throws UserError if there are no prompts, a metric lacks what it needs, or fails on them
     */
    static Optional<TextsWhileTraining> of(ConfigFile config, Tokenizer tokenizer) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        if (!evaluation.predictWithGenerate()) {
            return Optional.empty();
        }
        GenerationConfig generation = config.section(GenerationConfig.class);
        GenerationConfig sampler = generation.sampling(evaluation.evalTemperature(), evaluation.evalSamples(), generation.seed());
        List<OfSet> sets = new ArrayList<>();
        files(evaluation, config.section(DataConfig.class)).forEach((name, files) -> {
            DistinctPrompts prompts = new Records(config.section(DataConfig.class), tokenizer).distinctPrompts(files,
                    evaluation.evalPrompts(), generation.seed());
            sets.add(new OfSet(name, prompts, metrics(evaluation, tryOut(prompts, sampler.numReturnSequences()))));
            int asked = prompts.items().size();
            LOG.info("each evaluation writes {} texts of up to {} tokens for {} prompts of {}, at temperature {}",
                    asked * sampler.numReturnSequences(), sampler.maxNewTokens(), asked, String.join(", ", files), sampler.temperature());
        });
        return Optional.of(new TextsWhileTraining(List.copyOf(sets), sampler));
    }

    private static Map<String, List<String>> files(EvaluationConfig evaluation, DataConfig data) {
        if (evaluation.data() != null) {
            return Map.of("", List.of(evaluation.data()));
        }
        if (data.validation().isEmpty()) {
            throw new UserError("evaluation.predict_with_generate is true, but there are no prompts: set evaluation.data to a corpus file, or "
                    + "prepare the data with data.validation. Rows that data.validation_fraction took from data.train are stored as tokens only.");
        }
        return data.validationSets();
    }

    /**
     * Those of the section that texts alone can be judged by; what is left out is said.
     *
     * @param items with texts as a model may write them
     */
    private static List<Metric> metrics(EvaluationConfig evaluation, List<Item> items) {
        int samples = evaluation.evalSamples();
        MeasuredMetrics asked = MeasuredMetrics.of(evaluation, samples);
        List<Metric> required = new ArrayList<>();
        for (Metric metric : asked.required()) {
            if (metric.needs().contains(Need.LIKELIHOODS)) {
                LOG.info("{} is not measured while training: it needs {}. The validation loss is what there is of it.", metric.name(),
                        Need.LIKELIHOODS.words());
            } else if (samples == 1 && metric.needs().contains(Need.SEVERAL_SAMPLES)) {
                LOG.info("{} is not measured while training: it needs {}, and evaluation.eval_samples is 1.", metric.name(),
                        Need.SEVERAL_SAMPLES.words());
            } else {
                required.add(metric);
            }
        }
        List<Metric> metrics = new MeasuredMetrics(asked.task(), required, asked.ifPossible()).measurable(Evaluator.given(items), Set.of());
        if (metrics.isEmpty()) {
            throw new UserError("evaluation.predict_with_generate is true, but none of evaluation.metrics can be measured while training: "
                    + String.join(", ", asked.all().stream().map(Metric::name).toList())
                    + ". Name another, such as bleu, or raise evaluation.eval_samples.");
        }
        Evaluator.check(metrics, items);
        metrics.forEach(metric -> score(metric, items, "cannot judge these prompts"));
        return metrics;
    }

    /** Prompts with texts as a model may write them. */
    private static List<Item> tryOut(DistinctPrompts prompts, int samples) {
        List<Item> items = new ArrayList<>();
        for (DistinctPrompts.Item item : prompts.items()) {
            String text = item.references().isEmpty() ? "" : item.references().get(0);
            items.add(item(item, Stream.generate(() -> new Sample(text, 1, true, 0)).limit(samples).toList()));
        }
        return items;
    }

    private static Scores score(Metric metric, List<Item> items, String what) {
        try {
            Scores scores = metric.score(items);
            scores.corpus();
            return scores;
        } catch (UserError e) {
            throw new UserError("metric '" + metric.name() + "' of evaluation.metrics " + what + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new UserError("metric '" + metric.name() + "' of evaluation.metrics " + what + ": it failed with " + e
                    + ". Mend it, or leave it out of "
                    + "evaluation.metrics.", e);
        }
    }

    private static Item item(DistinctPrompts.Item item, List<Sample> samples) {
        return new Item(item.prompt(), item.references(), item.records().stream().map(RenderedRecord::fields).toList(), samples, List.of());
    }

    /**
     * The same of a model that trains.
     *
     * @param special of the files that stand beside its weights
     * @param file    what is written, {@code samples.jsonl}
     */
    EvalHook over(LanguageModel model, Tokenizer tokenizer, SpecialTokens special, Path file) {
        for (OfSet set : sets) {    // a prompt that leaves no room for an answer is told now
            new Sampling(model, tokenizer, special, set.prompts().prompts(), sampler).close();
        }
        RunSamples samples = new RunSamples(file);
        return new EvalHook() {

            @Override
            public Map<String, Optional<Boolean>> figures() {
                Map<String, Optional<Boolean>> figures = new LinkedHashMap<>();
                for (OfSet set : sets) {
                    for (Metric metric : set.metrics()) {
                        figures.put(set.prefix() + metric.name(), switch (metric.direction()) {
                            case HIGHER -> Optional.of(true);
                            case LOWER -> Optional.of(false);
                            case NEITHER -> Optional.empty();
                        });
                    }
                }
                return figures;
            }

            @Override
            public void begin(long step) {
                samples.keepUntil(step);
            }

            @Override
            public Optional<Map<String, Double>> evaluate(long step, BooleanSupplier stop, BiConsumer<Long, Long> progress) {
                Map<String, Double> figures = new LinkedHashMap<>();
                StringBuilder lines = new StringBuilder();
                for (OfSet set : sets) {
                    long begin = System.nanoTime();
                    List<Item> items;
                    try (Sampling sampling = new Sampling(model, tokenizer, special, set.prompts().prompts(), sampler)) {
                        items = items(set, sampling, WorkListener.until(() -> {
                            if (stop.getAsBoolean()) {
                                throw new CancellationException("stopped");
                            }
                        }, told(progress)));
                    } catch (CancellationException e) {
                        return Optional.empty();
                    }
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    List<Scores> scores = new ArrayList<>();
                    for (Metric metric : set.metrics()) {
                        Scores found = score(metric, items, "failed after step " + step);
                        scores.add(found);
                        figures.put(set.prefix() + metric.name(), found.corpus());
                    }
                    figures.put(set.prefix() + "generate_runtime", seconds);
                    figures.put(set.prefix() + "generate_samples_per_second",
                            items.size() * sampler.numReturnSequences() / Math.max(1e-9, seconds));
                    lines.append(RunSamples.lines(step, set.name(), new Drawn(set.prompts().prompts().records(),
                            new Judgement(report(items), items, set.metrics(), scores))));
                }
                samples.append(lines.toString());
                return Optional.of(figures);
            }
        };
    }

    private EvaluationReport report(List<Item> items) {
        List<Sample> samples = items.stream().flatMap(item -> item.samples().stream()).toList();
        return new EvaluationReport(null, null, Evaluation.settings(sampler),
                new Counts(items.size(), items.stream().mapToInt(item -> item.references()
                .size()).sum(), samples.size(), samples.stream().mapToLong(Sample::tokens).sum()), List.of());
    }

    private List<Item> items(OfSet set, Sampling sampling, WorkListener progress) {
        List<Item> items = new ArrayList<>();
        sampling.generate(sampler, "evaluate", progress).forEach(completions -> items.add(item(set.prompts().items().get(items.size()),
                completions.stream().map(c -> new Sample(c.text(), c.tokens(), c.ended(), c.entropy())).toList())));
        return items;
    }

    /** What sampling tells of its tokens, as an evaluation has it told. */
    private static WorkListener told(BiConsumer<Long, Long> progress) {
        return (name, total, unit) -> new WorkListener.Work() {

            private long done;
            private long left = total;

            @Override
            public void add(long more) {
                done += more;
                progress.accept(done, left);
            }

            @Override
            public void skip(long less) {
                left -= less;
            }

            @Override
            public void finish() {
                // the evaluation tells its end
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
