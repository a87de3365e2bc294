package io.softq4j.workflow;

import io.softq4j.common.Mistakes;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DataNames;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.StandardInput;
import io.softq4j.sweep.SweepConfig;
import io.softq4j.training.TrainingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is wrong with a configuration, whatever it will be used for, as {@code softq config check} does: keys, types, bounds and contradictions, each
 * trial of a study that its section {@code sweep} describes, and the classes it names. Nothing is computed, no model and no row is read.
 */
public final class ConfigurationCheck {

    private final Configuration configuration;
    private boolean files;

    /**
     * What is allowed.
     *
     * @param config   all sections
     * @param warnings what is allowed but likely not meant, a sentence each
     */
    public record Result(ConfigFile config, List<String> warnings) {
    }

    public ConfigurationCheck(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Finds out too whether the files that it names are there: corpora, tokenizer, chat template. */
    public ConfigurationCheck files() {
        files = true;
        return this;
    }

    /** @throws io.softq4j.common.UserError with all mistakes */
    public Result run() {
        Mistakes mistakes = new Mistakes();
        List<String> warnings = new ArrayList<>();
        ConfigFile config = configuration.read(mistakes);
        DataConfig data = config.section(DataConfig.class);
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        TrainingConfig training = config.section(TrainingConfig.class);
        if (config.section(SweepConfig.class).parameters().isEmpty()) {
            config.unread(Sections.RUN.sections().toArray(String[]::new)).forEach(key -> warnings.add(key.text()));
            if (training.maxSteps() > 0) {
                mistakes.check(() -> StartDefaults.objective(config, new Start.Fresh()).requireArrival(training.maxSteps(), "training.max_steps"));
            }
        } else {
            Study.checkTrials(configuration, Path.of("sweep"), mistakes, warnings::add);
            config.unread("data", "tokenizer", "generation", "evaluation").forEach(key -> warnings.add(key.text()));
        }
        mistakes.check(() -> MeasuredMetrics.of(evaluation, evaluation.samples()));
        DataNames.requireClasses(data, mistakes);
        if (files) {
            DataNames.requireFiles(data, config.section(TokenizerConfig.class), mistakes);
            if (evaluation.data() != null && !evaluation.data().equals(StandardInput.SPEC)) {
                mistakes.check(() -> CorpusFiles.find(List.of(evaluation.data()), data.format()));
            }
        }
        mistakes.refuse();
        return new Result(config, List.copyOf(warnings));
    }
}
