package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.Records;
import io.softq4j.data.RenderedRecord;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.StandardInput;
import io.softq4j.evaluation.EvaluatedRows;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.MetricResult;
import io.softq4j.evaluation.Metrics;
import io.softq4j.evaluation.Origin;
import io.softq4j.evaluation.Sample;
import io.softq4j.evaluation.SamplerPoint;
import io.softq4j.evaluation.SamplerSettings;
import io.softq4j.evaluation.Task;
import io.softq4j.evaluation.TaskMetrics;
import io.softq4j.evaluation.Tasks;
import io.softq4j.evaluation.TerminalTable;
import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Samples a model with every sampler and measures quality and diversity, as {@code softq evaluate} does.
 *
 * <pre>
 * List&lt;EvaluationReport&gt; reports = new Evaluation(configuration.evaluation(c -&gt; c.data("test.jsonl").task("gsm8k"))).run(Path.of("runs/mle"));
 * </pre>
 */
public final class Evaluation {

    /** What {@code softq evaluate} may replace in a directory. */
    private static final Output.Earlier EARLIER = new Output.Earlier("reports and samples by softq evaluate", Evaluation::isIn,
            Pattern.compile("(report|samples)-.*\\.jsonl?"));

    private final Configuration configuration;
    private Optional<Output> output = Optional.empty();
    private WorkListener progress = WorkListener.NONE;

    /**
     * An evaluation.
     *
     * @param configuration its section {@code evaluation} says on what, by which task and at which temperatures; {@code generation} gives length and seed
     */
    public Evaluation(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Also writes {@code report-T.json} and {@code samples-T.jsonl} for each temperature T (and further keys, where several samplers have it) into a
     * directory, when all are measured. */
    public Evaluation writing(Output to) {
        output = Optional.of(to);
        return this;
    }

    /** Has the sampling shown; what {@code shown} throws ends it. */
    public Evaluation progress(WorkListener shown) {
        progress = shown;
        return this;
    }

    /**
     * Evaluates.
     *
     * @param model a run, a checkpoint or a model directory
     * @return one report for each sampler of the section {@code evaluation}, in its order
     * @throws UserError if the configuration is refused, there is no model, task, file or row, the task cannot judge a row, or the output holds what would
     *                   be lost, all before the model is read
     */
    public List<EvaluationReport> run(Path model) {
        ConfigFile config = ModelDirectory.configToMeasure(model, configuration);
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        Mistakes mistakes = new Mistakes();
        check(config, mistakes);
        output.ifPresent(to -> {
            Inputs inputs = ModelDirectory.inputs(model).and(configuration.inputs()).andCorpus(Stream.ofNullable(evaluation.data()).toList());
            mistakes.check(() -> to.reading(inputs).requireEntries(EARLIER));
        });
        mistakes.refuse();
        Optional<String> another = output.flatMap(to -> reportOfAnother(to.path(), model));
        if (another.isPresent() && !output.get().force()) {
            throw new UserError(another.get() + " Choose another --out, or give --force to replace them.");
        }
        try (Exclusive alone = output.map(to -> Exclusive.alone(to.path())).orElse(null); ModelDirectory directory = ModelDirectory.open(model)) {
            GenerationSettings.tellMeasured(config);
            List<String> samples = new ArrayList<>();
            List<EvaluationReport> reports = run(directory, config, List.of(), drawn -> samples.add(SampleLines.of(drawn)), progress);
            output.ifPresent(to -> write(to, another.isPresent(), samples, reports));
            return reports;
        }
    }

    /** @param clear whether what is in the directory is replaced as a whole */
    private static void write(Output output, boolean clear, List<String> samples, List<EvaluationReport> reports) {
        if (clear) {
            output.clear(EARLIER.names());
        }
        Path out = output.path();
        List<SamplerPoint> samplers = samplers(reports);
        for (int i = 0; i < samplers.size(); i++) {
            AtomicFiles.writeString(out.resolve("samples-" + samplers.get(i).fileName(samplers) + ".jsonl"), samples.get(i));
        }
        for (int i = 0; i < samplers.size(); i++) {
            reports.get(i).write(out.resolve("report-" + samplers.get(i).fileName(samplers) + ".json"));
        }
    }

    private static boolean isIn(Path directory) {
        return Output.at(directory).entries(EARLIER.names()).stream()
                .allMatch(file -> file.toString().endsWith(".jsonl") ? SampleLines.areIn(file) : isReport(file));
    }

    /**
     * A report of another model in a directory for reports: what is written there would stand beside it as if they belonged together.
     *
     * @param model as {@link ModelDirectory#open} takes it
     */
    private static Optional<String> reportOfAnother(Path directory, Path model) {
        List<Path> there = Output.at(directory).entries(EARLIER.names()).stream().filter(Evaluation::isReport).toList();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Origin own = ModelOrigin.of(ModelDirectory.find(model));
        for (Path file : there) {
            Origin other = EvaluationReport.read(file).model();
            if (other != null && !other.sha256().equals(own.sha256())) {
                return Optional.of(directory + " holds reports of another model: " + file.getFileName() + " is of " + other.path() + " (sha256 "
                        + other.sha256() + "), this is " + own.path() + " (" + own.sha256() + ").");
            }
        }
        return Optional.empty();
    }

    private static boolean isReport(Path file) {
        try {
            EvaluationReport.parse(Files.readString(file));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Evaluates.
     *
     * @param beside   is measured too, where the configuration does not say so
     * @param samples  told the samples of each sampler, when they are drawn
     * @param progress of sampling, with each sampler
     * @return one report for each sampler of the evaluation section, in its order
     */
    static List<EvaluationReport> run(ModelDirectory model, ConfigFile config, List<Metric> beside, Consumer<Drawn> samples, WorkListener progress) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        DistinctPrompts prompts = check(config, model.tokenizer());
        List<Metric> metrics = new ArrayList<>(metrics(evaluation));
        beside.stream().filter(other -> metrics.stream().noneMatch(metric -> metric.name().equals(other.name()))).forEach(metrics::add);
        Origin of = ModelOrigin.of(model.path());
        EvaluatedRows on = rows(files(evaluation, config.section(DataConfig.class)), config.section(DataConfig.class), prompts);
        List<EvaluationReport> reports = new ArrayList<>();
        GenerationConfig generation = config.section(GenerationConfig.class);
        GenerationConfig size = generation.sampling(1, evaluation.samples(), generation.seed());
        try (Sampling sampling = new Sampling(model, prompts.prompts(), size)) {
            List<GenerationConfig> samplers = SamplerGrid.of(evaluation, generation).samplers();
            List<SamplerPoint> points = samplers.stream().map(sampler -> SamplerPoint.of(settings(sampler))).toList();
            for (int i = 0; i < samplers.size(); i++) {
                GenerationConfig sampler = samplers.get(i);
                List<Item> drawn = samples(prompts, sampling.generate(sampler, "sample " + points.get(i).name(points), progress));
                samples.accept(new Drawn(prompts.prompts().records(), drawn));
                reports.add(Evaluator.judge(metrics, drawn, settings(sampler), generation.seed()).report().of(of, on));
            }
        }
        return reports;
    }

    private static EvaluatedRows rows(List<String> specs, DataConfig data, DistinctPrompts prompts) {
        List<Origin> files = new ArrayList<>();
        for (CorpusFile file : CorpusFiles.find(specs, data.format())) {
            try {
                files.add(new Origin(file.name().equals(StandardInput.NAME) ? file.name() : file.path().toString(), Sha256.of(file.path())));
            } catch (IOException e) {
                throw new UserError("cannot read " + file.path() + ": " + e.getMessage() + ". Check its permissions.", e);
            }
        }
        return EvaluatedRows.of(files, prompts.items().stream().flatMap(item -> item.numbers().stream()).toList());
    }

    private static List<Item> samples(DistinctPrompts prompts, List<List<Completion>> completions) {
        List<Item> samples = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            DistinctPrompts.Item item = prompts.items().get(i);
            samples.add(new Item(item.prompt(), item.references(),
                    item.records().stream().map(RenderedRecord::fields).toList(),
                    completions.get(i).stream().map(c -> new Sample(c.text(), c.tokens(), c.ended(), c.entropy())).toList(), List.of()));
        }
        return samples;
    }

    /** All of a sampler that decides what is drawn. */
    static SamplerSettings settings(GenerationConfig sampler) {
        return SamplerSettings.defaults().with(c -> c.temperature(sampler.temperature()).topK(sampler.topK()).topP(sampler.topP())
                .minP(sampler.minP()).repetitionPenalty(sampler.repetitionPenalty()).stopStrings(sampler.stopStrings())
                .maxNewTokens(sampler.maxNewTokens()).n(sampler.numReturnSequences()).seed(sampler.seed()).rules(sampler.rules()));
    }

    /** Finds out before a model is read whether task and files are there. */
    static void check(ConfigFile config, Mistakes mistakes) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        mistakes.check(() -> metrics(evaluation));
        mistakes.check(() -> SamplerGrid.of(evaluation, config.section(GenerationConfig.class)));
        DataConfig data = config.section(DataConfig.class);
        mistakes.check(() -> CorpusFiles.find(files(evaluation, data), data.format()));
    }

    /**
     * The prompts to evaluate on.
     *
     * @throws UserError if there is no such file, row or task, or the task cannot judge one of the rows: better now than after the sampling
     */
    static DistinctPrompts check(ConfigFile config, Tokenizer tokenizer) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        DataConfig data = config.section(DataConfig.class);
        Optional<Task> task = task(evaluation);
        DistinctPrompts prompts = new Records(data, tokenizer).distinctPrompts(files(evaluation, data), evaluation.prompts(),
                config.section(GenerationConfig.class).seed());
        task.ifPresent(t -> prompts.items().forEach(item -> item.records().forEach(row -> requireReference(t, row))));
        return prompts;
    }

    private static void requireReference(Task task, RenderedRecord row) {
        try {
            task.correct(row.fields(), "");
        } catch (UserError e) {
            throw new UserError(row.where() + ": " + e.getMessage(), e);
        }
    }

    static Optional<Task> task(EvaluationConfig evaluation) {
        return Optional.ofNullable(evaluation.task()).map(Tasks::named);
    }

    /** What is measured: the task's metrics, those named, and where none are named how different the samples are. */
    static List<Metric> metrics(EvaluationConfig evaluation) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Stream.of(task(evaluation).map(task -> TaskMetrics.of(task, evaluation.ks())).orElse(List.of()), Metrics.named(evaluation.metrics()),
                        evaluation.metrics().isEmpty() ? Metrics.ofDiversity(evaluation.samples()) : List.<Metric>of())
                .flatMap(List::stream).forEach(metric -> metrics.put(metric.name(), metric));
        return List.copyOf(metrics.values());
    }

    private static List<String> files(EvaluationConfig evaluation, DataConfig data) {
        List<String> files = evaluation.data() != null ? List.of(evaluation.data()) : data.validation();
        if (files.isEmpty()) {
            throw new UserError("nothing to evaluate on: set evaluation.data (or --data) to a corpus file, or data.validation before preparing.");
        }
        return files;
    }

    /** The reports side by side, a metric a line. */
    public static TerminalTable table(List<EvaluationReport> reports) {
        List<String> header = new ArrayList<>(List.of("metric"));
        List<SamplerPoint> samplers = samplers(reports);
        samplers.forEach(sampler -> header.add(sampler.name(samplers)));
        header.add("references");
        List<List<String>> rows = new ArrayList<>();
        for (MetricResult metric : reports.get(0).metrics()) {
            List<String> row = new ArrayList<>(List.of(metric.name()));
            reports.forEach(report -> row.add(report.metric(metric.name()).map(Evaluation::interval).orElse("-")));
            row.add(number(metric.references()));
            rows.add(row);
        }
        return new TerminalTable(header, rows);
    }

    private static List<SamplerPoint> samplers(List<EvaluationReport> reports) {
        return reports.stream().map(report -> SamplerPoint.of(report.sampler())).toList();
    }

    private static String interval(MetricResult metric) {
        return number(metric.value()) + (metric.low() == null ? "" : " [" + number(metric.low()) + ", " + number(metric.high()) + "]");
    }

    private static String number(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }
}
