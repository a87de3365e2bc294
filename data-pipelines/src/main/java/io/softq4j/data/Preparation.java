package io.softq4j.data;

import io.softq4j.chat.ChatTemplates;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Output;
import io.softq4j.common.PythonFloat;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.step.MatchingFilter;
import io.softq4j.data.step.Part;
import io.softq4j.data.step.RenderTransform;
import io.softq4j.data.step.TokenizeTransform;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.tokens.store.RowCounts;
import io.softq4j.tokens.store.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datavec.api.transform.DataAction;
import org.datavec.api.transform.TransformProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes token stores of a corpus: finds its files and what its rows look like, trains or reads the tokenizer, runs the {@link Pipeline} over each
 * part, writes what happened into {@code data-card.md} and {@code data-card.json}. Memory does not grow with the corpus (but for what the
 * tokenizer's training and duplicate filters remember). The same corpus, configuration and Java give the same bytes, with any number of threads.
 * The output directory appears whole or not at all.
 */
public final class Preparation {

    static final String CARD = "data-card.md";
    static final String CARD_JSON = "data-card.json";
    static final String CHAT_TEMPLATE = "chat_template.jinja";
    private static final String TOKENIZER = "tokenizer.json";
    private static final double MANY = 0.1;
    /** What a preparation may replace. */
    public static final Output.Earlier EARLIER = new Output.Earlier("preparation by softq (data-card.md, train/manifest.json)",
            path -> Files.exists(path.resolve(CARD)) && Files.exists(path.resolve("train/manifest.json")),
            Pattern.compile("train|validation(-[\\w-]+)?|test|data-card\\.(md|json)|lengths\\.png|config\\.yaml|\\w*(token|vocab|merges|template)\\w*(\\.\\w+)?"));
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);

    private final DataConfig data;
    private final TokenizerConfig tokenizerConfig;
    private final Progress progress;
    private final Sources train;
    private final Map<String, Sources> validation;
    private final Optional<Sources> evaluation;
    private final Layout layout;
    private final List<Column> columns;
    /** The source of the chat template that the configuration names. */
    private final Optional<String> template;
    private final PreparationKey key;
    /** What a pass has to say besides its counts. */
    private final List<String> notes;

    /**
     * Finds the files, looks at the first row and takes the hash of everything.
     *
     * @throws UserError if a file is missing, or the rows are of no known shape
     */
    public Preparation(DataConfig config, TokenizerConfig tokenizerConfig, Progress progress) {
        if (config.train().isEmpty()) {
            throw new UserError("train is not set: which corpus? Give a file, a glob or a directory");
        }
        this.tokenizerConfig = tokenizerConfig;
        this.progress = progress;
        this.notes = new ArrayList<>();
        this.train = Sources.find(config.train(), config, config.mixingWeights());
        this.validation = new LinkedHashMap<>();
        config.validationSets().forEach((name, files) -> validation.put(name, Sources.find(files, config, List.of())));
        this.evaluation = sources(config.filter().decontaminate(), config);
        Row first = train.firstRow(new ReadOptions(config.sampleBy(), List.of()), config.onError());
        this.layout = Layout.of(config.effectiveShape(), config.columns(), first);
        this.data = config.with(d -> d.shape(layout.shape()).columns(layout.columns()));
        this.template = Optional.ofNullable(data.chatTemplate()).map(RenderSpecs::source);
        if (template.isPresent() && !RenderSpecs.usesChat(data, layout)) {
            throw new UserError("chat_template is " + data.chatTemplate() + ", but rows of shape " + layout.shape().key() + " are no conversations. Set "
                    + "apply_chat_template to true to render them as such, or remove chat_template");
        }
        if (data.system() != null && !RenderSpecs.usesChat(data, layout)) {
            throw new UserError("system is set, but rows of shape " + layout.shape().key() + " are no conversations. Set apply_chat_template to true to "
                    + "render them as such, or remove system");
        }
        List<Column> rendered = Renderer.of(RenderSpecs.outline(data, layout)).columns();
        this.columns = Pipeline.columns(data, rendered, first.columns());
        this.key = PreparationKey.of(data, tokenizerConfig, template, train, validation, evaluation);
    }

    /** The directory of a validation set. @param set its name; empty for the one without */
    public static String validation(String set) {
        return Part.VALIDATION.key() + (set.isEmpty() ? "" : "-" + set);
    }

    private static Optional<Sources> sources(List<String> specs, DataConfig data) {
        return specs.isEmpty() ? Optional.empty() : Optional.of(Sources.find(specs, data, List.of()));
    }

    /** The configuration with what the corpus was taken for: shape and columns are settled. */
    public DataConfig settled() {
        return data;
    }

    /** Hash of all that decides the result, in hexadecimal: a preparation with the same is the same. */
    public String key() {
        return key.hash();
    }

    /** The report of {@code out}, if it holds exactly what this preparation would make. */
    public Optional<PreparationReport> made(Path out) {
        return DataCard.read(out.resolve(CARD_JSON)).filter(report -> report.key().equals(key())).filter(report -> whole(report, out));
    }

    private static boolean whole(PreparationReport report, Path out) {
        try {
            for (SplitReport part : report.parts()) {
                Path store = out.resolve(part.name());
                TokenStore.open(store);
                for (String file : List.of(TOKENIZER, "tokenizer_config.json", CHAT_TEMPLATE)) {
                    if (Files.exists(store.resolve(file)) && !Files.exists(out.resolve(file))) {
                        throw new UserError(out.resolve(file) + " is missing");
                    }
                }
            }
            return true;
        } catch (UserError e) {
            log.warn("preparing {} again: {}", out, e.getMessage());
            return false;
        }
    }

    /**
     * Prepares.
     *
     * @param out where to; an earlier preparation there is replaced, anything else is left alone and refused
     * @throws UserError if a file, a row or a setting is at fault
     */
    public PreparationReport run(Path out) {
        return run(Output.at(out));
    }

    /** Prepares into an output that may be forced. */
    public PreparationReport run(Output output) {
        output.requireDirectory(EARLIER);
        Path out = output.path();
        notes.clear();
        Tokenizer tokenizer = switch (tokenizerConfig.type()) {
            case TRAIN -> new TokenizerTraining(data, tokenizerConfig, layout, columns, progress).train(train);
            case FILE -> Tokenizers.load(Path.of(tokenizerConfig.file()));
        };
        Optional<String> written = template.isPresent() ? template
                : RenderSpecs.usesChat(data, layout) && tokenizer.chatTemplate().isEmpty() && tokenizerConfig.type() == TokenizerType.TRAIN
                        ? Optional.of(RenderSpecs.source(TokenizerTraining.CHAT_TEMPLATE)) : Optional.empty();
        AtomicReference<PreparationReport> report = new AtomicReference<>();
        AtomicFiles.writeDirectory(out, directory -> {
            tokenizer.save(directory);
            if (written.isPresent()) {
                Files.writeString(directory.resolve(CHAT_TEMPLATE), written.get());
            }
            report.set(write(directory, written.isPresent() ? Tokenizers.load(directory) : tokenizer));
            Files.writeString(directory.resolve(CARD), DataCard.markdown(report.get(), data));
            DataCard.write(report.get(), directory.resolve(CARD_JSON));
        });
        report.get().warnings().forEach(log::warn);
        return report.get();
    }

    private PreparationReport write(Path directory, Tokenizer tokenizer) throws IOException {
        RenderSpec spec = RenderSpecs.of(data, layout, tokenizer);
        if (spec.chat().isPresent() && spec.endToken().isEmpty()) {
            notes.add("The chat template writes no token of this tokenizer where a turn of the assistant ends, so only the last turn is ended, by EOS. "
                    + (ChatTemplates.names().contains(data.chatTemplate()) ? "Template " + data.chatTemplate() + " needs the tokens "
                    + ChatTemplates.tokens(data.chatTemplate(), tokenizer.specialTokens()) + "; choose the template this tokenizer was made for." : ""));
        }
        Optional<Path> grams = Optional.empty();
        if (evaluation.isPresent()) {
            grams = Optional.of(directory.resolve(Pipeline.GRAMS));
            Decontamination.writeGrams(evaluation.get(), data, grams.get());
        }
        List<SplitReport> parts = new ArrayList<>(pass(train, Part.TRAIN, "", directory, tokenizer, spec, grams));
        for (Map.Entry<String, Sources> set : validation.entrySet()) {
            parts.addAll(pass(set.getValue(), Part.VALIDATION, set.getKey(), directory, tokenizer, spec, Optional.empty()));
        }
        if (grams.isPresent()) {
            Files.delete(grams.get());
        }
        return new PreparationReport(key.hash(), key.sources(), layout.shape().key(), spec.chat().map(c -> c.origin()).orElse(null),
                tokenizerConfig.type(), tokenizer.vocabularySize(), data.maxLength(), data.overLength().name().toLowerCase(Locale.ROOT), parts,
                warnings(parts));
    }

    /** One pass over a corpus; its rows go into one part, or are split over several. */
    private List<SplitReport> pass(Sources corpus, Part part, String set, Path directory, Tokenizer tokenizer, RenderSpec spec, Optional<Path> grams)
            throws IOException {
        DataConfig config = part == Part.TRAIN ? data : data.with(d -> d.testFraction(0).splitBy(null));
        Map<Part, PartWriter> writers = new EnumMap<>(Part.class);
        for (Part p : parts(config, part)) {
            String name = p == Part.VALIDATION ? validation(set) : p.key();
            Path store = directory.resolve(name);
            writers.put(p, new PartWriter(name, store, tokenizer, RenderSpecs.endId(spec, tokenizer), data.examplesPerShard()));
            if (grams.isPresent()) {
                Files.copy(grams.get(), store.resolve(Pipeline.GRAMS));
            }
        }
        String json = Pipeline.of(config, columns, spec, grams.isPresent(), TOKENIZER, Sha256.of(directory.resolve(TOKENIZER))).toJson();
        // what runs is what the manifest will say, read back from it
        TransformProcess pipeline = Pipeline.read(json, directory, tokenizer);
        Progress.Stage stage = part == Part.TRAIN ? Progress.Stage.WRITE_TRAIN : Progress.Stage.WRITE_VALIDATION;
        long bytes = corpus.bytes();
        RowErrors errors = new RowErrors();
        try (Mixture rows = new Mixture(corpus, new ReadOptions(data.sampleBy(), columns), Renderer.of(spec).respondsWithReferences())) {
            new PipelineRun(pipeline, columns, data.onError(), data.threads()).run(rows, outcome -> {
                boolean again = outcome.read().again();
                if (outcome.reason() != null) {
                    String field = errors.add(outcome.error());
                    writers.get(part).dropped(outcome.reason().key(), () -> outcome.read().where() + field);
                    return;
                }
                Part to = writers.size() == 1 ? part : TokenizeTransform.part(outcome.output());
                // a mixture repeats rows to learn from, not rows to measure with
                if (!again || to == Part.TRAIN) {
                    writers.get(to).add(outcome.output(), outcome.read()::where);
                }
            }, () -> progress.at(stage, Math.min(bytes, rows.bytesRead()), bytes));
            progress.at(stage, bytes, bytes);
            notes.addAll(rows.notes());
        }
        errors.fields().ifPresent(fields -> notes.add("The chat template does not write all that rows for " + part.key()
                + " say, which are not_rendered for it: " + fields + "."));
        for (DataAction step : pipeline.getActionList()) {
            if (step.getFilter() instanceof MatchingFilter filter) {
                filter.columnNeverSeen().ifPresent(column -> notes.add("No row of " + corpus.paths() + " has anything in the column " + column
                        + " of " + filter + "; is its name right?"));
            }
            if (step.getTransform() instanceof RenderTransform render && render.bind().emptyAnswers() > 0) {
                notes.add("Answers for " + part.key() + " that say nothing, which are not learned: " + render.bind().emptyAnswers() + ".");
            }
            if (step.getTransform() instanceof RenderTransform render && !render.bind().unwrittenFields().isEmpty()) {
                notes.add("Fields of messages for " + part.key() + " that the chat template writes nothing of, so that a model does not see them: "
                        + render.bind().unwrittenFields().entrySet().stream().map(field -> field.getKey() + " (" + field.getValue() + ")")
                        .collect(Collectors.joining(", ")) + ".");
            }
        }
        List<SplitReport> reports = new ArrayList<>();
        for (PartWriter writer : writers.values()) {
            requireRows(corpus, writer, writers.size(), errors);
            reports.add(writer.finish(json));
        }
        return reports;
    }

    private static List<Part> parts(DataConfig config, Part part) {
        List<Part> parts = new ArrayList<>(List.of(part));
        if (config.validationFraction() > 0) {
            parts.add(Part.VALIDATION);
        }
        if (config.testFraction() > 0) {
            parts.add(Part.TEST);
        }
        return parts;
    }

    private void requireRows(Sources corpus, PartWriter writer, int parts, RowErrors errors) {
        RowCounts rows = writer.counts();
        if (rows.kept() > 0) {
            return;
        }
        if (rows.read() == 0) {
            throw parts == 1 ? corpus.noRows() : new UserError("no row of " + corpus.paths() + " falls to the part " + writer.part()
                    + ": there are too few " + (data.splitBy() == null ? "different prompts" : "values of split_by " + data.splitBy())
                    + " for validation_fraction " + PythonFloat.str(data.validationFraction()) + " and test_fraction "
                    + PythonFloat.str(data.testFraction()));
        }
        TreeMap<Integer, Long> lengths = writer.lengths();
        throw new UserError("no row of " + corpus.paths() + " can be used: of " + rows.read() + " rows " + PartWriter.reasons(rows) + ". max_length is "
                + data.maxLength() + (lengths.isEmpty() ? "" : ", the shortest row has " + lengths.firstKey() + " tokens, half of them have "
                + Lengths.of(lengths).median() + " or fewer") + errors.first().map(error -> ". The first: " + error).orElse(""));
    }

    private List<String> warnings(List<SplitReport> parts) {
        List<String> warnings = new ArrayList<>(notes);
        if (!RenderSpecs.usesChat(data, layout)) {
            Seams.warning(parts.get(0).samples(), layout).ifPresent(warnings::add);
        }
        for (SplitReport part : parts) {
            double dropped = (double) part.rows().droppedRows() / part.rows().read();
            if (dropped > MANY) {
                warnings.add(String.format(Locale.ROOT, "%.0f%% of the rows for %s are not used: %s.",
                        100 * dropped, part.name(), PartWriter.reasons(part.rows())) + (part.rows().dropped().containsKey(DropReason.TOO_LONG.key())
                                ? " max_length is " + data.maxLength() + ", the longest row has " + part.lengths().longest() + " tokens." : ""));
            }
            if (part.endsTrained() == 0) {
                warnings.add("Every example for " + part.name() + " was cut at max_length " + data.maxLength()
                        + ", so a model cannot learn from it where a response ends. Raise max_length.");
            }
        }
        return warnings;
    }
}
