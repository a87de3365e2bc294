package io.softq4j.workflow;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Exclusive;
import io.softq4j.common.Inputs;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Lengths;
import io.softq4j.data.Preparation;
import io.softq4j.data.PreparationReport;
import io.softq4j.data.Progress;
import io.softq4j.data.SplitReport;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.evaluation.Histogram;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.training.rows.DataPlan;
import io.softq4j.training.rows.ExampleSource;
import io.softq4j.training.rows.Interleaved;
import io.softq4j.training.rows.RowSettings;
import io.softq4j.training.rows.StepSource;
import io.softq4j.training.rows.TrainingData;
import io.softq4j.training.run.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory made by {@code softq prepare}: token stores, the tokenizer, and the configuration they were made with.
 *
 * @param directory  where it is
 * @param train      the training store
 * @param validation the validation stores by the name of their set, in their order; the name of the one without is empty
 * @param config     what they were made with, the shape settled
 * @param mixed      if a run takes its rows from several such directories, all of them; the rest is of the first then
 */
public record PreparedData(Path directory, TokenStore train, Map<String, TokenStore> validation, ConfigFile config, List<Part> mixed) {

    /**
     * One of the directories that a run takes its rows from.
     *
     * @param data  what it holds
     * @param store as it takes part
     */
    record Part(PreparedData data, Interleaved.Store store) {
    }

    public PreparedData {
        validation = Collections.unmodifiableMap(new LinkedHashMap<>(validation));
    }

    private static final Logger LOG = LoggerFactory.getLogger(PreparedData.class);
    private static final String CONFIG = "config.yaml";

    /**
     * What {@link #prepare} did.
     *
     * @param report what the directory holds
     * @param reused whether it held exactly that before
     */
    public record Prepared(PreparationReport report, boolean reused) {
    }

    /**
     * Prepares the corpus {@code data.train} of a configuration into a directory, and keeps the configuration beside it. Nothing is done where {@code out}
     * holds the same already; another preparation there is replaced.
     *
     * @throws UserError if the configuration is refused, a row or file cannot be read, or {@code out} holds something else; {@code out} is left as it was
     */
    public static Prepared prepare(Configuration configuration, Path out) {
        return prepare(configuration, Output.at(out), WorkListener.NONE);
    }

    /** The same into an output that may be forced, its progress shown. */
    public static Prepared prepare(Configuration configuration, Output output, WorkListener progress) {
        ConfigFile config = configuration.read();
        Output to = output.reading(inputs(config).and(configuration.inputs()));
        to.requireDirectory(Preparation.EARLIER);
        warnOfUnread(config);
        return prepare(config, to, progress);
    }

    /** Names what was set of the data and has no effect. */
    static void warnOfUnread(ConfigFile config) {
        config.unread("data", "tokenizer").forEach(key -> LOG.warn("{}", key.text()));
    }

    static Prepared prepare(ConfigFile config, Output output, WorkListener progress) {
        try (Stages stages = new Stages(progress)) {
            return prepare(preparation(config, stages), config, output);
        }
    }

    private static Prepared prepare(Preparation preparation, ConfigFile config, Output output) {
        Path out = output.path();
        try (Exclusive alone = Exclusive.on(out, () -> LOG.info("waiting for another softq that prepares {}", out))) {
            return preparedAlone(preparation, config, output);
        }
    }

    private static Prepared preparedAlone(Preparation preparation, ConfigFile config, Output output) {
        Path out = output.path();
        String yaml = config.with(preparation.settled()).effectiveYaml();
        Optional<PreparationReport> made = preparation.made(out).filter(report -> Files.exists(out.resolve(CONFIG)));
        if (made.isPresent()) {
            AtomicFiles.writeString(out.resolve(CONFIG), yaml);    // the same data, perhaps from files that have moved
            return new Prepared(made.get(), true);
        }
        PreparationReport report = preparation.run(output);
        draw(report.parts().get(0), out.resolve("lengths.png"));
        try {
            AtomicFiles.writeString(out.resolve(CONFIG), yaml);
        } catch (UserError e) {
            discard(out);
            throw new UserError("cannot finish " + out + ", so nothing is left there: " + (e.getCause() == null ? e : e.getCause()).getMessage()
                    + ". Check free space (df -h) and permissions, then prepare again.", e);
        }
        return new Prepared(report, false);
    }

    /**
     * The data that {@code config} describes, from the cache where they were prepared before: a directory named by the hash of all that decides them,
     * below {@code SOFTQ_CACHE}, else the user's cache directory.
     */
    static PreparedData cached(ConfigFile config, WorkListener progress) {
        try (Stages stages = new Stages(progress)) {
            Preparation preparation = preparation(config, stages);
            Path directory = cache().resolve("data").resolve(preparation.key().substring(0, 32));
            boolean reused = prepare(preparation, config, Output.at(directory)).reused();
            LOG.info("{} {}", reused ? "prepared before, in" : "prepared the data, in", directory);
            return stores(directory, config.with(preparation.settled()));
        }
    }

    /** Whether a directory holds exactly what preparing the corpus of {@code config} would make. The corpus is read for its hash. */
    static boolean isMadeOf(Path directory, ConfigFile config) {
        try (Stages stages = new Stages(WorkListener.NONE)) {
            return preparation(config, stages).made(directory).isPresent();
        }
    }

    /** What preparing reads. */
    static Inputs inputs(ConfigFile config) {
        DataConfig data = config.section(DataConfig.class);
        return Inputs.NONE.andCorpus(data.train()).andCorpus(data.validation()).andCorpus(data.filter().decontaminate())
                .andCorpus(Stream.of(config.section(TokenizerConfig.class).file(), data.chatTemplate()).filter(Objects::nonNull).toList());
    }

    /** The picture says nothing that the card does not: a server without fonts prepares data all the same. */
    private static void draw(SplitReport part, Path file) {
        Lengths.Bin first = part.lengths().bins().get(0);
        int width = first.to() + 1 - first.from();
        List<Histogram.Bin> bars = part.lengths().bins().stream().map(bin -> new Histogram.Bin(bin.from(), bin.from() + width, bin.count())).toList();
        try {
            new Histogram("How long examples are", "tokens (the last bar holds all that are longer, up to " + part.lengths().longest() + ")", "rows", bars)
                    .write(file);
        } catch (UserError e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** What is made once and used by many runs lies below it. */
    static Path cache() {
        return environment("SOFTQ_CACHE").orElseGet(() -> environment("XDG_CACHE_HOME").orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("softq4j"));
    }

    private static Optional<Path> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty()).map(Path::of);
    }

    private static Preparation preparation(ConfigFile config, Progress progress) {
        if (config.section(DataConfig.class).train().isEmpty()) {
            throw new UserError("data.train is not set: which corpus? Give a file, a glob or a directory, in the configuration or with "
                    + "--set data.train=FILE");
        }
        return new Preparation(config.section(DataConfig.class), config.section(TokenizerConfig.class), progress);
    }

    private static void discard(Path out) {
        try {
            AtomicFiles.delete(out);
        } catch (IOException e) {
            // its own failure is the one to report; without its configuration, open refuses it
        }
    }

    /** @throws UserError if there is no whole preparation there */
    public static PreparedData open(Path directory) {
        if (!Files.isDirectory(directory.resolve("train"))) {
            requireNoRun(directory);
            throw new UserError(directory + " holds no prepared data (no train/ in it). Make it first: softq prepare --config FILE --out "
                    + directory);
        }
        if (!Files.exists(directory.resolve(CONFIG))) {
            throw new UserError(directory + " has no " + CONFIG + ", which says how its prompts are rendered: its preparation was interrupted. "
                    + "Prepare it again: softq prepare --config FILE --out " + directory);
        }
        return stores(directory, Sections.RUN.read(Optional.of(directory.resolve(CONFIG)), List.of()));
    }

    private static void requireNoRun(Path directory) {
        Optional<RunRecord> run = RunRecord.read(directory);
        if (run.isPresent()) {
            List<StorePath> data = RunIdentity.data(run.get());
            throw new UserError(directory + " is a run of softq train, and prepared data are wanted. " + (data.isEmpty() ? "It does not say which it had."
                    : "Those that it was trained on are in " + data.stream().map(store -> store.directory().toString()).collect(Collectors.joining(", "))
                    + "."));
        }
    }

    /**
     * Opens one directory, or several whose rows take turns by weight.
     *
     * @param own the configuration of the run; its {@code data.stopping_strategy} says when an epoch over several ends
     * @throws UserError also if they do not go together
     */
    public static PreparedData open(List<StorePath> paths, ConfigFile own) {
        return paths.size() == 1 ? open(paths.get(0).directory()) : DataMixture.open(paths, own);
    }

    private static PreparedData stores(Path directory, ConfigFile config) {
        Map<String, TokenStore> validation = new LinkedHashMap<>();
        List<String> names = config.section(DataConfig.class).validationNames();
        for (String name : names.isEmpty() ? List.of("") : names.stream().distinct().toList()) {
            Path store = directory.resolve(Preparation.validation(name));
            if (Files.isDirectory(store)) {
                validation.put(name, TokenStore.open(store));
            }
        }
        return new PreparedData(directory, TokenStore.open(directory.resolve("train")), validation, config, List.of());
    }

    /** The store of one part: train, validation or test. @throws UserError if there is none */
    public static TokenStore part(Path directory, String part) {
        PreparedData data = open(directory);
        Path store = directory.resolve(part);
        List<String> parts = Stream.of(Stream.of("train"), data.validation().keySet().stream().map(Preparation::validation), Stream.of("test"))
                .flatMap(names -> names).filter(name -> Files.isDirectory(directory.resolve(name))).toList();
        if (!parts.contains(part)) {
            throw new UserError(directory + " has no part " + part + "; it has " + parts);
        }
        return part.equals("train") ? data.train() : TokenStore.open(store);
    }

    /** The tokenizer the data were made with. */
    public Tokenizer tokenizer() {
        return train.tokenizer();
    }

    /** {@code own} with the sections that decided how the data were made, so that prompts are rendered the same way ever after. */
    public ConfigFile withSectionsOfPreparation(ConfigFile own) {
        return own.with(config.section(DataConfig.class)).with(config.section(TokenizerConfig.class));
    }

    /** Says which stated settings come too late: the data were prepared with others and are taken as they are. */
    void warnOfOtherSettings(ConfigFile own) {
        List<String> late = own.stated().stream().filter(key -> key.matches("(data|tokenizer)\\..*") && !key.equals("data.num_proc")).sorted()
                .filter(key -> own.value(key).isPresent() && !own.value(key).get().equals("auto"))
                .filter(key -> !named(own.value(key)).equals(named(config.value(key))))
                .map(key -> key + " " + own.value(key).get() + " (" + config.value(key).map(Object::toString).orElse("not set") + ")").toList();
        if (!late.isEmpty()) {
            LOG.warn("{} was prepared with other settings, which stay; these have no effect (in brackets what they were): {}. To change them, prepare "
                    + "again: softq prepare", directory, String.join(", ", late));
        }
    }

    /** Files are the same wherever they lie, as far as their names can tell. */
    private static Object named(Optional<Object> value) {
        Object plain = value.orElse("");
        return plain instanceof List<?> list ? list.stream().map(item -> item instanceof String text ? text.replaceAll(".*/", "") : item).toList() : plain;
    }

    /** Each directory that it stands for. */
    List<PreparedData> directories() {
        return mixed.isEmpty() ? List.of(this) : mixed.stream().map(Part::data).toList();
    }

    TrainingData trainingData() {
        Map<String, List<ExampleSource>> sets = new LinkedHashMap<>();
        directories().forEach(part -> part.validation.forEach((name, store) -> sets.computeIfAbsent(name, set -> new ArrayList<>()).add(examples(store))));
        Map<String, ExampleSource> eval = new LinkedHashMap<>();
        sets.forEach((name, sources) -> eval.put(name, ExampleSource.concatenated(sources)));
        return new TrainingData(ExampleSource.concatenated(directories().stream().map(part -> examples(part.train)).toList()), eval,
                train.manifest().eosId());
    }

    private static ExampleSource examples(TokenStore store) {
        return ExampleSource.of(store.size(), store::get, store::length);
    }

    /** The steps of a run on these data. @param examples as the model reads them */
    StepSource steps(TrainingData examples, RowSettings rows) {
        if (mixed.isEmpty()) {
            return DataPlan.of(examples, rows);
        }
        List<Interleaved.Store> stores = new ArrayList<>();
        long first = 0;
        for (Part part : mixed) {
            long size = part.store().examples().size();
            stores.add(new Interleaved.Store(part.store().name(), part.store().weight(), examples.train().slice(first, size)));
            first += size;
        }
        return Interleaved.of(stores, config.section(DataConfig.class).stoppingStrategy(), examples.collator(rows), rows);
    }
}
