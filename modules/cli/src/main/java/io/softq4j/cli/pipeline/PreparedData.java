package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Preparation;
import io.softq4j.data.PreparationReport;
import io.softq4j.data.Progress;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.tokens.TokenStore;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.ExampleSource;
import io.softq4j.training.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory made by {@code softq prepare}: token stores, the tokenizer, and the configuration they were made with.
 *
 * @param directory  where it is
 * @param train      the training store
 * @param validation the validation store, if one was made
 */
public record PreparedData(Path directory, TokenStore train, Optional<TokenStore> validation) {

    private static final String CONFIG = "config.yaml";

    /** Prepares a corpus and keeps the configuration beside it. */
    public static PreparationReport prepare(ConfigFile config, Path out, Progress progress) {
        if (config.section(DataConfig.class).train() == null) {
            throw new UserError("data.train is not set: which corpus? Give a JSON Lines file, one object a line, in the configuration or with "
                    + "--set data.train=FILE");
        }
        PreparationReport report = Preparation.prepare(config.section(DataConfig.class), config.section(TokenizerConfig.class), out, progress);
        try {
            AtomicFiles.writeString(out.resolve(CONFIG), config.effectiveYaml());
        } catch (UserError e) {
            discard(out);
            throw new UserError("cannot finish " + out + ", so nothing is left there: " + (e.getCause() == null ? e : e.getCause()).getMessage()
                    + ". Check free space (df -h) and permissions, then prepare again.", e);
        }
        return report;
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
            throw new UserError(directory + " holds no prepared data (no train/ in it). Make it first: softq prepare --config FILE --out "
                    + directory);
        }
        if (!Files.exists(directory.resolve(CONFIG))) {
            throw new UserError(directory + " has no " + CONFIG + ", which says how its prompts are rendered: its preparation was interrupted. "
                    + "Prepare it again: softq prepare --config FILE --out " + directory);
        }
        Path validation = directory.resolve("validation");
        return new PreparedData(directory, TokenStore.open(directory.resolve("train")),
                Files.isDirectory(validation) ? Optional.of(TokenStore.open(validation)) : Optional.empty());
    }

    /** The tokenizer the data were made with. */
    public Tokenizer tokenizer() {
        return train.tokenizer();
    }

    /** {@code config} with the sections that decided how the data were made, so that prompts are rendered the same way ever after. */
    public ConfigFile withSectionsOfPreparation(ConfigFile config) {
        ConfigFile prepared = Sections.RUN.read(Optional.of(directory.resolve(CONFIG)), List.of());
        return config.with(prepared.section(DataConfig.class)).with(prepared.section(TokenizerConfig.class));
    }

    TrainingData trainingData() {
        return new TrainingData(ExampleSource.of(train.size(), train::get), validation.map(v -> ExampleSource.of(v.size(), v::get)),
                tokenizer().eosId());
    }
}
