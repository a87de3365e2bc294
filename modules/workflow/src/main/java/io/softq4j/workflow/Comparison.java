package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.evaluation.Bootstrap;
import io.softq4j.evaluation.Direction;
import io.softq4j.evaluation.EvaluationReport;
import io.softq4j.evaluation.Evaluator;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Judgement;
import io.softq4j.evaluation.Metric;
import io.softq4j.evaluation.PairedDifference;
import io.softq4j.evaluation.SamplerSettings;
import io.softq4j.generation.GenerationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Judges models, or texts they wrote, on the same items and tells how they differ, as {@code softq compare} does.
 *
 * <pre>
 * ComparisonResult found = new Comparison(configuration.evaluation(c -&gt; c.data("test.jsonl").metrics(List.of("bleu"))))
 *         .run(List.of(Path.of("runs/mle"), Path.of("runs/iql")));
 * </pre>
 *
 * <p>Models are sampled anew, all with the settings, the seed and the prompts of the first. Reports are not compared by the values in them, but by the
 * samples beside them, judged anew: so a metric is the same on all sides.
 */
public final class Comparison {

    /** What {@code softq compare} may replace. */
    public static final Output.Earlier EARLIER = new Output.Earlier("a page by softq compare", ComparisonPage::isOne);

    /** As many letters are told apart in a picture. */
    private static final int MOST = 8;
    private static final int ITEMS = 200;

    private final Configuration configuration;
    private WorkListener progress = WorkListener.NONE;
    private Optional<Output> page = Optional.empty();

    /**
     * A comparison.
     *
     * @param configuration its section {@code evaluation} says on what and by which metrics; what it does not say is as the first model was trained
     */
    public Comparison(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Also writes a page, one file that needs nothing else. */
    public Comparison writing(Output to) {
        page = Optional.of(to);
        return this;
    }

    /** Has the sampling shown; what {@code shown} throws ends it. */
    public Comparison progress(WorkListener shown) {
        progress = shown;
        return this;
    }

    /**
     * Compares.
     *
     * @param paths two to eight: runs, checkpoints, model directories; directories of {@code softq evaluate}, a report or a file of samples there; texts
     *              as JSON Lines, each with its {@code prompt}
     * @throws UserError if there is nothing at a path, nothing that all have, or no metric that all can be judged by
     */
    public ComparisonResult run(List<Path> paths) {
        if (paths.size() < 2 || paths.size() > MOST) {
            throw new UserError("a comparison is of two to " + MOST + " sides, not " + paths.size()
                    + ". Give runs, models, directories of softq evaluate or files "
                    + "of texts.");
        }
        List<Optional<Path>> texts = paths.stream().map(ComparedFiles::texts).toList();
        Optional<ConfigFile> first = IntStream.range(0, paths.size()).filter(i -> texts.get(i).isEmpty()).mapToObj(i -> ModelDirectory.configToMeasure(
                paths.get(i), configuration)).findFirst();
        ConfigFile config = first.orElseGet(configuration::read);
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        Mistakes mistakes = new Mistakes();
        if (first.isPresent()) {
            Evaluation.check(config, mistakes);
        } else {
            mistakes.check(() -> Evaluation.metrics(evaluation));
        }
        page.ifPresent(to -> {
            Inputs inputs = Inputs.of(paths.toArray(Path[]::new)).and(configuration.inputs()).andCorpus(Stream.ofNullable(evaluation.data()).toList());
            mistakes.check(() -> to.reading(inputs).requireFile(EARLIER));
        });
        mistakes.refuse();
        List<ComparedSide> sides = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            String name = Character.toString('A' + i);
            Path path = paths.get(i);
            sides.add(texts.get(i).isPresent()
                    ? new ComparedSide(name, path, ComparedFiles.sampler(texts.get(i).get()), Map.of(), Optional.empty(),
                            ComparedTexts.read(texts.get(i).get(), config.section(DataConfig.class)))
                    : sampled(name, path, config));
        }
        Optional<ComparedSide> data = first.isPresent() || evaluation.data() == null
                ? Optional.empty() : Optional.of(new ComparedSide("the data",
                Path.of(evaluation.data()), Optional.empty(), Map.of(), Optional.empty(),
                EvaluatedPrompts.read(config, Optional.empty(), Evaluation.task(evaluation)).items()));
        ComparisonResult result = judge(ComparedItems.of(sides, data), evaluation, config.section(GenerationConfig.class).seed());
        page.ifPresent(to -> AtomicFiles.writeString(to.path(), ComparisonPage.of(result)));
        return result;
    }

    /** A model that is sampled as the first one is. */
    private ComparedSide sampled(String name, Path path, ConfigFile as) {
        ConfigFile trained = ModelDirectory.configToMeasure(path, Configuration.defaults());
        EvaluationConfig evaluation = as.section(EvaluationConfig.class);
        GenerationConfig sampler = SamplerGrid.of(evaluation, as.section(GenerationConfig.class)).samplers().get(0);
        DataConfig data = ModelDirectory.configToMeasure(path, configuration).section(DataConfig.class);
        ConfigFile config = trained.with(evaluation.with(c -> c.samplers(List.of()).temperatures(List.of(sampler.temperature())))).with(sampler)
                .with(data.with(c -> c.validation(as.section(DataConfig.class).validation())));
        List<Item> items = new ArrayList<>();
        List<EvaluationReport> reports;
        try (ModelDirectory model = ModelDirectory.open(path)) {
            reports = Evaluation.run(model, config, List.of(), drawn -> items.addAll(drawn.judgement().items()),
                    (work, total, unit) -> progress.begin(name + ": " + work, total, unit));
        }
        return new ComparedSide(name, path, Optional.ofNullable(reports.get(0).sampler()), flat(trained), ComparedFiles.run(path), items);
    }

    private static Map<String, Object> flat(ConfigFile config) {
        Map<String, Object> flat = new TreeMap<>();
        for (String section : List.of("data", "tokenizer", "model", "tuning", "objective", "training")) {
            flatten(section, config.values(section), flat);
        }
        return flat;
    }

    private static void flatten(String path, Object value, Map<String, Object> flat) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, one) -> flatten(path + "." + key, one, flat));
        } else {
            flat.put(path, value);
        }
    }

    private ComparisonResult judge(ComparedItems matched, EvaluationConfig evaluation, long seed) {
        List<ComparedSide> sides = matched.sides();
        List<String> notes = new ArrayList<>(matched.notes());
        List<Metric> metrics = new ArrayList<>();
        Map<String, Set<String>> without = new LinkedHashMap<>();
        for (Metric metric : Evaluation.metrics(evaluation)) {
            List<String> cannot = sides.stream().filter(side -> !canJudge(metric, side.items())).map(ComparedSide::name).toList();
            if (cannot.isEmpty()) {
                metrics.add(metric);
            } else {
                without.computeIfAbsent(String.join(", ", cannot), names -> new LinkedHashSet<>()).add(metric.name());
            }
        }
        without.forEach((names, missing) -> notes.add("left out, since " + names + " cannot be judged by them: "
                + String.join(", ", missing)));
        if (metrics.isEmpty()) {
            throw new UserError("no metric of " + String.join(", ", Evaluation.metrics(evaluation).stream().map(Metric::name).toList())
                    + " can judge all sides. Name others in evaluation.metrics, such as words, or give references with the texts.");
        }
        List<Judgement> judged = sides.stream().map(side -> Judging.judge(metrics, side.items(), side.sampler().orElse(null), seed, progress))
                .toList();
        Bootstrap bootstrap = new Bootstrap(sides.get(0).items().size(), seed);
        List<List<PairedDifference>> differences = judged.subList(1, judged.size()).stream()
                .map(other -> PairedDifference.of(other, judged.get(0), bootstrap)).toList();
        List<ComparisonResult.Row> rows = new ArrayList<>();
        for (int m = 0; m < metrics.size(); m++) {
            int at = m;
            rows.add(new ComparisonResult.Row(metrics.get(m).name(), metrics.get(m).direction(),
                    judged.get(0).report().metrics().get(m).signature(),
                    judged.stream().map(judgement -> judgement.report().metrics().get(at)).toList(), differences.stream()
                            .map(side -> side.get(at)).toList()));
        }
        List<SamplerSettings> samplers = sides.stream().flatMap(side -> side.sampler().stream()).distinct().toList();
        if (samplers.size() > 1) {
            notes.add("samples were drawn in different ways: " + String.join("; ", sides.stream().filter(side -> side.sampler().isPresent())
                    .map(side -> side.name() + " " + ComparedFiles.words(side.sampler().get())).toList()));
        } else if (!samplers.isEmpty()) {
            notes.add("samples: " + ComparedFiles.words(samplers.get(0)));
        }
        return new ComparisonResult(sides.stream().map(side -> new ComparisonResult.Side(side.name(), side.path().toString(),
                side.sampler().orElse(null),
                side.samples())).toList(), sides.get(0).items().size(), rows, settings(sides), ComparedFiles.curves(sides),
                        items(sides, metrics, judged),
                notes);
    }

    private static boolean canJudge(Metric metric, List<Item> items) {
        try {
            Evaluator.check(List.of(metric), items);
            return true;
        } catch (UserError lacksWhatItNeeds) {
            return false;
        }
    }

    private static List<ComparisonResult.Setting> settings(List<ComparedSide> sides) {
        List<ComparisonResult.Setting> settings = new ArrayList<>();
        Set<String> keys = new LinkedHashSet<>();
        sides.forEach(side -> keys.addAll(side.settings().keySet()));
        for (String key : keys) {
            List<String> values = new ArrayList<>();
            sides.forEach(side -> values.add(side.settings().isEmpty() ? null : String.valueOf(side.settings().get(key))));
            if (values.stream().filter(Objects::nonNull).distinct().count() > 1) {
                settings.add(new ComparisonResult.Setting(key, Collections.unmodifiableList(values)));
            }
        }
        return settings;
    }

    /** Those first on which the sides differ most by the first metric that has values of items. */
    private static List<ComparisonResult.ItemRow> items(List<ComparedSide> sides, List<Metric> metrics, List<Judgement> judged) {
        int prompts = sides.get(0).items().size();
        int by = IntStream.range(0, metrics.size()).filter(m -> metrics.get(m).direction() != Direction.NEITHER
                && judged.stream().allMatch(judgement -> judgement.scores().get(m).items().length == prompts)).findFirst().orElse(-1);
        return IntStream.range(0, prompts).boxed().sorted(Comparator.comparingDouble(i -> -spread(judged, by, i))).limit(ITEMS).map(i ->
                new ComparisonResult.ItemRow(sides.get(0).items().get(i).prompt(), sides.get(0).items().get(i).references(),
                        sides.stream().map(side -> side.items().get(i).texts()).toList(), by < 0 ? null : values(judged, by, i))).toList();
    }

    private static List<Double> values(List<Judgement> judged, int metric, int item) {
        List<Double> values = new ArrayList<>();
        judged.forEach(judgement -> {
            double value = judgement.scores().get(metric).items()[item];
            values.add(Double.isNaN(value) ? null : value);
        });
        return Collections.unmodifiableList(values);
    }

    private static double spread(List<Judgement> judged, int metric, int item) {
        if (metric < 0) {
            return 0;
        }
        var range = values(judged, metric, item).stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).summaryStatistics();
        return range.getCount() < 2 ? 0 : range.getMax() - range.getMin();
    }
}
