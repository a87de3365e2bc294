package io.softq4j.workflow;

import io.softq4j.common.Exclusive;
import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Need;
import io.softq4j.evaluation.Origin;
import io.softq4j.evaluation.Sample;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.evaluation.SamplerSettings;
import io.softq4j.evaluation.Task;
import io.softq4j.evaluation.TaskMetrics;
import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.tokens.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a model, as {@code softq evaluate} does: samples it with every sampler, asks it for the probability of the references, whatever the metrics
 * need of both.
 *
 * <pre>
 * List&lt;EvaluationReport&gt; reports = new Evaluation(configuration.evaluation(c -&gt; c.data("test.jsonl").task("gsm8k"))).run(Path.of("runs/mle"));
 * </pre>
 */
public final class Evaluation {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private final Configuration configuration;
    private Optional<Output> output = Optional.empty();
    private WorkListener progress = WorkListener.NONE;

    /**
     * An evaluation.
     *
     * @param configuration its section {@code evaluation} says on what, by which metrics and at which temperatures; {@code generation} gives length and seed
     */
    public Evaluation(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Also writes {@code report-T.json} and {@code samples-T.jsonl} for each temperature T (and further keys, where several samplers have it) and one page,
     * {@code report.html}, into a directory, when all are measured.
     */
    public Evaluation writing(Output to) {
        output = Optional.of(to);
        return this;
    }

    /** Has the work shown; what {@code shown} throws ends it. */
    public Evaluation progress(WorkListener shown) {
        progress = shown;
        return this;
    }

    /** The reports of {@link #judge}. */
    public List<EvaluationReport> run(Path model) {
        return judge(model).stream().map(Judgement::report).toList();
    }

    /**
     * Judges a model.
     *
     * @param model a run, a checkpoint, a model directory or an adapter
     * @return one judgement for each sampler of the section {@code evaluation}, in its order; a single one if no metric looks at samples
     * @throws UserError if the configuration is refused, there is no model, metric, file or row, the task cannot judge a row, the rows lack what a metric
     *                   needs, or the output holds what would be lost, all before the model is read
     */
    public List<Judgement> judge(Path model) {
        ConfigFile config = ModelDirectory.configToMeasure(model, configuration);
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        Mistakes mistakes = new Mistakes();
        check(config, mistakes);
        output.ifPresent(to -> {
            Inputs inputs = ModelDirectory.inputs(model).and(configuration.inputs()).andCorpus(Stream.ofNullable(evaluation.data()).toList());
            mistakes.check(() -> to.reading(inputs).requireEntries(EvaluationFiles.EARLIER));
        });
        mistakes.refuse();
        Path found = ModelDirectory.find(model);
        Optional<String> another = output.flatMap(to -> EvaluationFiles.reportOfAnother(to.path(), () -> ModelOrigin.of(found)));
        refuse(another);
        EvaluatedPrompts prompts = prompts(config, ModelDirectory.tokenizer(found));
        List<Metric> metrics = metrics(evaluation, prompts);
        tellClipped(evaluation, evaluation.samples());
        Evaluator.withoutReferences(metrics, prompts.items()).ifPresent(LOG::warn);
        try (Exclusive alone = output.map(to -> Exclusive.alone(to.path())).orElse(null); ModelDirectory directory = ModelDirectory.open(model)) {
            GenerationSettings.tellMeasured(config);
            List<Drawn> judged = judge(directory, config, prompts, metrics, progress);
            output.ifPresent(to -> EvaluationFiles.write(to, another.isPresent(), judged));
            return judged.stream().map(Drawn::judgement).toList();
        }
    }

    /**
     * Judges texts that were made elsewhere. No model is read, and nothing is sampled.
     *
     * @param predictions a row for each text (or several of a prompt), with the prompt or the number of the row it is for, or in the order of the data
     * @return judged on {@code evaluation.data} if it is set, else by the references in the same rows
     * @throws UserError if texts and prompts do not go together, or a metric needs more than texts
     */
    public Judgement judgePredictions(Path predictions) {
        ConfigFile config = configuration.read();
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        Mistakes mistakes = new Mistakes();
        mistakes.check(() -> MeasuredMetrics.of(evaluation, evaluation.samples()));
        output.ifPresent(to -> {
            Inputs inputs = Inputs.of(predictions).and(configuration.inputs()).andCorpus(Stream.ofNullable(evaluation.data()).toList());
            mistakes.check(() -> to.reading(inputs).requireEntries(EvaluationFiles.EARLIER));
        });
        mistakes.refuse();
        Predictions given = Predictions.read(predictions);
        PredictedItems predicted = evaluation.data() == null ? PredictedItems.alone(given, config.section(DataConfig.class))
                : PredictedItems.on(limit -> EvaluatedPrompts.read(config, Optional.empty(), task(evaluation), limit), given,
                        given.havePrompts() || given.haveIndices() ? List.of() : Predictions.rendered(predictions, config.section(DataConfig.class)),
                        evaluation.prompts());
        int samples = predicted.items().stream().mapToInt(item -> item.samples().size()).min().orElseThrow();
        tellClipped(evaluation, samples);
        List<Metric> metrics = MeasuredMetrics.of(evaluation, samples).measurable(Evaluator.given(predicted.items()), Set.of());
        Evaluator.check(metrics, predicted.items());
        Evaluator.withoutReferences(metrics, predicted.items()).ifPresent(LOG::warn);
        Optional<String> another = output.flatMap(to -> EvaluationFiles.reportOfAnother(to.path(), given::origin));
        refuse(another);
        Judgement judged = Judging.judge(metrics, predicted.items(), null, config.section(GenerationConfig.class).seed(), progress);
        Judgement judgement = judged.with(judged.report().of(given.origin(), predicted.rows()));
        output.ifPresent(to -> {
            try (Exclusive alone = Exclusive.alone(to.path())) {
                EvaluationFiles.write(to, another.isPresent(), List.of(new Drawn(predicted.records(), judgement)));
            }
        });
        return judgement;
    }

    private static void tellClipped(EvaluationConfig evaluation, int samples) {
        Stream<Integer> named = TaskMetrics.ks(Metrics.named(evaluation.metrics())).stream();
        List<Integer> above = Stream.concat(evaluation.task() == null ? Stream.empty() : evaluation.passAtK().stream(), named)
                .filter(k -> k > samples).distinct().toList();
        if (!above.isEmpty()) {
            LOG.warn("pass@k of k {} needs as many samples of each prompt; there are {}, and pass@{} is measured instead", above, samples, samples);
        }
    }

    private void refuse(Optional<String> another) {
        if (another.isPresent() && !output.orElseThrow().force()) {
            throw new UserError(another.get() + " Choose another --out, or give --force to replace them.");
        }
    }

    /**
     * Evaluates a model that is open.
     *
     * @param beside   is measured too, where the configuration does not say so
     * @param samples  told what was judged of each sampler
     * @param progress of sampling, with each sampler
     * @return one report for each sampler of the evaluation section, in its order
     */
    static List<EvaluationReport> run(ModelDirectory model, ConfigFile config, List<Metric> beside, Consumer<Drawn> samples, WorkListener progress) {
        EvaluatedPrompts prompts = prompts(config, model.tokenizer());
        List<Metric> metrics = new ArrayList<>(metrics(config.section(EvaluationConfig.class), prompts));
        beside.stream().filter(other -> metrics.stream().noneMatch(metric -> metric.name().equals(other.name()))).forEach(metrics::add);
        List<Drawn> judged = judge(model, config, prompts, metrics, progress);
        judged.forEach(samples);
        return judged.stream().map(drawn -> drawn.judgement().report()).toList();
    }

    /** Judges a model that is open. */
    private static List<Drawn> judge(ModelDirectory model, ConfigFile config, EvaluatedPrompts prompts, List<Metric> metrics, WorkListener progress) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        GenerationConfig generation = config.section(GenerationConfig.class);
        Origin of = ModelOrigin.of(model.path());
        List<Item> items = MeasuredMetrics.needLikelihoods(metrics) ? ReferenceLikelihoods.of(model, prompts.prompts(), prompts.items(), progress)
                : prompts.items();
        if (!MeasuredMetrics.needSamples(metrics)) {
            Judgement judgement = Judging.judge(metrics, items, null, generation.seed(), progress);
            return List.of(new Drawn(prompts.records(), judgement.with(judgement.report().of(of, prompts.rows()))));
        }
        List<Drawn> judged = new ArrayList<>();
        GenerationConfig size = generation.sampling(1, evaluation.samples(), generation.seed());
        try (Sampling sampling = new Sampling(model, prompts.prompts().prompts(), size)) {
            List<GenerationConfig> samplers = SamplerGrid.of(evaluation, generation).samplers();
            List<SamplerPoint> points = samplers.stream().map(sampler -> SamplerPoint.of(settings(sampler))).toList();
            for (int i = 0; i < samplers.size(); i++) {
                GenerationConfig sampler = samplers.get(i);
                List<Item> drawn = withSamples(items, sampling.generateCountingPrompts(sampler, "sample " + points.get(i).name(points), progress));
                Judgement judgement = Judging.judge(metrics, drawn, settings(sampler), generation.seed(), progress);
                judged.add(new Drawn(prompts.records(), judgement.with(judgement.report().of(of, prompts.rows()))));
            }
        }
        return judged;
    }

    private static List<Item> withSamples(List<Item> items, List<List<Completion>> completions) {
        List<Item> drawn = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            drawn.add(items.get(i).withSamples(completions.get(i).stream().map(c -> new Sample(c.text(), c.tokens(), c.ended(), c.entropy())).toList()));
        }
        return drawn;
    }

    /** All of a sampler that decides what is drawn. */
    static SamplerSettings settings(GenerationConfig sampler) {
        return SamplerSettings.defaults().with(c -> c.temperature(sampler.temperature()).topK(sampler.topK()).topP(sampler.topP())
                .minP(sampler.minP()).repetitionPenalty(sampler.repetitionPenalty()).stopStrings(sampler.stopStrings())
                .maxNewTokens(sampler.maxNewTokens()).n(sampler.numReturnSequences()).seed(sampler.seed()).rules(sampler.rules()));
    }

    /** Finds out before a model is read whether metrics, task and files are there. */
    static void check(ConfigFile config, Mistakes mistakes) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        mistakes.check(() -> metrics(evaluation));
        mistakes.check(() -> SamplerGrid.of(evaluation, config.section(GenerationConfig.class)));
        DataConfig data = config.section(DataConfig.class);
        mistakes.check(() -> CorpusFiles.find(EvaluatedPrompts.files(evaluation, data), data.format()));
    }

    /**
     * The prompts to evaluate on.
     *
     * @throws UserError if there is no such file, row or task, or the task cannot judge one of the rows: better now than after the sampling
     */
    static DistinctPrompts check(ConfigFile config, Tokenizer tokenizer) {
        return prompts(config, tokenizer).prompts();
    }

    private static EvaluatedPrompts prompts(ConfigFile config, Tokenizer tokenizer) {
        return EvaluatedPrompts.read(config, Optional.of(tokenizer), task(config.section(EvaluationConfig.class)));
    }

    /** What is measured on prompts whose samples are to be drawn. @throws UserError if they lack what a metric needs */
    private static List<Metric> metrics(EvaluationConfig evaluation, EvaluatedPrompts prompts) {
        Set<Need> toCome = MeasuredMetrics.toCome(evaluation.samples(), prompts.items());
        List<Metric> metrics = MeasuredMetrics.of(evaluation, evaluation.samples()).measurable(Evaluator.given(prompts.items()), toCome);
        Evaluator.check(metrics, prompts.items(), toCome);
        Evaluator.tryOut(metrics, prompts.items());
        return metrics;
    }

    /** What is measured, as far as the rows allow it. */
    static List<Metric> metrics(EvaluationConfig evaluation) {
        return MeasuredMetrics.of(evaluation, evaluation.samples()).all();
    }

    /** What tells right from wrong, if anything does. */
    static Optional<Task> task(EvaluationConfig evaluation) {
        return MeasuredMetrics.of(evaluation, evaluation.samples()).task();
    }

    /** The reports side by side for people, at most 100 columns wide: a metric a line, and below it what the signs mean. */
    public static String table(List<EvaluationReport> reports) {
        return EvaluationTable.of(reports);
    }
}
