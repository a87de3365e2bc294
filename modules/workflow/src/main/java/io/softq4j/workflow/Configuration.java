package io.softq4j.workflow;

import io.softq4j.common.Inputs;
import io.softq4j.common.Mistakes;
import io.softq4j.config.ConfigFile;
import io.softq4j.config.ConfigSchema;
import io.softq4j.config.Statement;
import io.softq4j.data.DataConfig;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.training.TrainingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is asked for, of which every task of this package takes what concerns it: a file of YAML, assignments as of {@code --set}, or sections set in code,
 * in any mixture, the later over the earlier. All else has its default. Immutable.
 *
 * <pre>
 * Configuration.defaults().data(c -&gt; c.train(List.of("rows.jsonl"))).training(c -&gt; c.maxSteps(200).learningRate(1e-4))
 * </pre>
 *
 * <p>What is not set counts as not stated, so that defaults which depend on the model (docs/configuration.md) apply. Mistakes are reported where the
 * configuration is used, all of them in one {@link io.softq4j.common.UserError}.
 */
public final class Configuration {

    private final List<Statement> statements;

    private Configuration(List<Statement> statements) {
        this.statements = statements;
    }

    /** Nothing is set. */
    public static Configuration defaults() {
        return new Configuration(List.of());
    }

    /** A file of YAML, which is read when the configuration is used. Relative paths in it are relative to the current directory. */
    public static Configuration of(Path yaml) {
        return defaults().with(Statement.file(yaml));
    }

    /** This configuration with a key set as {@code --set} does: {@code training.seed=7}. */
    public Configuration set(String assignment) {
        return with(Statement.assignment(assignment));
    }

    /** The same of several, in their order. */
    public Configuration set(List<String> assignments) {
        Configuration all = this;
        for (String assignment : assignments) {
            all = all.set(assignment);
        }
        return all;
    }

    /** This configuration with keys of the section {@code data} set: the corpus and how its rows become text. */
    public Configuration data(Consumer<DataConfig.Draft> change) {
        return with(Statement.values("data", DataConfig.Draft.class, change));
    }

    /** The same of {@code tokenizer}. */
    public Configuration tokenizer(Consumer<TokenizerConfig.Draft> change) {
        return with(Statement.values("tokenizer", TokenizerConfig.Draft.class, change));
    }

    /** The same of {@code model}: the size of fresh weights. */
    public Configuration model(Consumer<Gpt2Config.Draft> change) {
        return with(Statement.values("model", Gpt2Config.Draft.class, change));
    }

    /** The same of {@code tuning}: adapters and frozen weights. */
    public Configuration tuning(Consumer<TuningConfig.Draft> change) {
        return with(Statement.values("tuning", TuningConfig.Draft.class, change));
    }

    /** The same of {@code objective}. */
    public Configuration objective(Consumer<SoftQConfig.Draft> change) {
        return with(Statement.values("objective", SoftQConfig.Draft.class, change));
    }

    /** The same of {@code training}. */
    public Configuration training(Consumer<TrainingConfig.Draft> change) {
        return with(Statement.values("training", TrainingConfig.Draft.class, change));
    }

    /** The same of {@code generation}. */
    public Configuration generation(Consumer<GenerationConfig.Draft> change) {
        return with(Statement.values("generation", GenerationConfig.Draft.class, change));
    }

    /** The same of {@code evaluation}. */
    public Configuration evaluation(Consumer<EvaluationConfig.Draft> change) {
        return with(Statement.values("evaluation", EvaluationConfig.Draft.class, change));
    }

    /** The same of {@code sweep}: what a study compares. */
    public Configuration sweep(Consumer<SweepConfig.Draft> change) {
        return with(Statement.values("sweep", SweepConfig.Draft.class, change));
    }

    private Configuration with(Statement statement) {
        return new Configuration(Stream.concat(statements.stream(), Stream.of(statement)).toList());
    }

    /**
     * All sections with nothing left open.
     *
     * @throws io.softq4j.common.UserError naming file and line, for YAML that does not parse, unknown keys, wrong types and values a record refuses: all
     *                                     of them
     */
    public ConfigFile read() {
        Mistakes mistakes = new Mistakes();
        ConfigFile config = read(mistakes);
        mistakes.refuse();
        return config;
    }

    /** The same; what is wrong goes to {@code mistakes} and has its default. */
    public ConfigFile read(Mistakes mistakes) {
        return Sections.RUN.read(statements, mistakes);
    }

    /** The same over a configuration of earlier: only what is stated here differs from it. */
    ConfigFile readOver(Path earlier, Mistakes mistakes) {
        return readOver(Sections.RUN, Optional.of(earlier), mistakes);
    }

    /** The same over {@code earlier}, if there is one, where no file is given: a file stands for the whole configuration. */
    ConfigFile readInPlaceOf(ConfigSchema schema, Optional<Path> earlier) {
        Mistakes mistakes = new Mistakes();
        ConfigFile config = readOver(schema, earlier.filter(file -> statements.stream().allMatch(statement -> statement.file().isEmpty())), mistakes);
        mistakes.refuse();
        return config;
    }

    private ConfigFile readOver(ConfigSchema schema, Optional<Path> earlier, Mistakes mistakes) {
        return schema.read(Stream.concat(earlier.map(Statement::file).stream(), statements.stream()).toList(), mistakes);
    }

    /** Its files, which no output may replace. */
    public Inputs inputs() {
        return Inputs.of(statements.stream().flatMap(statement -> statement.file().stream()).toArray(Path[]::new));
    }
}
