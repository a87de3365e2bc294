package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.OtherFormats;
import io.softq4j.model.generation.SpecialTokens;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.Tokenizers;
import io.softq4j.training.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model as it lies on the disk: Hugging Face's files, and {@code softq.yaml}, the configuration it was trained with.
 *
 * @param path      the directory with {@code config.json}
 * @param model     its weights and graph
 * @param tokenizer of the same directory
 */
public record ModelDirectory(Path path, LanguageModel model, Tokenizer tokenizer) implements AutoCloseable {

    private static final String CONFIG = "softq.yaml";

    /**
     * Opens a model.
     *
     * @param path a model directory, a checkpoint, or a run directory: then its finished model, else its newest whole checkpoint
     */
    public static ModelDirectory open(Path path) {
        Path directory = find(path);
        Tokenizer tokenizer = Tokenizers.load(directory);
        int rows = ModelConfig.read(directory).vocabSize();
        if (tokenizer.vocabularySize() > rows) {
            throw new UserError(vocabulariesDisagree(directory, rows, tokenizer.vocabularySize()));
        }
        return new ModelDirectory(directory, LanguageModel.load(directory, Lowering.best()), tokenizer);
    }

    /** Why a tokenizer cannot be used with a model; the other way round, a table with spare rows, is usual. */
    static String vocabulariesDisagree(Path directory, int rows, int ids) {
        return "tokenizer and model in " + directory + " disagree: tokenizer.json has ids up to " + (ids - 1) + ", the embedding has " + rows
                + " rows (vocab_size in config.json). One of them belongs to another model, or tokens were added without resizing the embedding: "
                + "take both from the same source, or resize in Python with model.resize_token_embeddings(len(tokenizer)).";
    }

    /** Where the model of {@code path} is. */
    static Path find(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UserError("there is no model directory " + path + " (from " + Path.of("").toAbsolutePath()
                    + "). Give a run directory (the --out of softq train), one of its checkpoints, or a Hugging Face model directory.");
        }
        if (Files.exists(path.resolve("config.json"))) {
            return path;
        }
        if (Files.exists(path.resolve("model/config.json"))) {
            return path.resolve("model");
        }
        return Checkpoint.latest(path).map(Checkpoint::directory).orElseThrow(() -> new UserError("no model in " + path
                + ": neither config.json, nor model/, nor a whole checkpoint-STEP. " + OtherFormats.advice(path)
                        .orElse("If a run was stopped before its first checkpoint, resume it.")));
    }

    /**
     * The configuration to use the model with: what it was trained with, under the user's file and assignments.
     * A file given by the user stands for the whole configuration.
     */
    public ConfigFile config(Optional<Path> file, List<String> assignments) {
        Path own = path.resolve(CONFIG);
        return Sections.RUN.read(file.isPresent() ? file : Optional.of(own).filter(Files::exists), assignments);
    }

    /** The tokens that begin and end a text by the files of the directory. */
    public SpecialTokens specialTokens() {
        return SpecialTokens.read(path, model.config().vocabSize());
    }

    /** The tokens that end a text: those of the files, and {@code endId}, which ends a response as it was trained. */
    public Set<Integer> endIds(int endId) {
        Set<Integer> ids = new TreeSet<>(specialTokens().eosIds());
        ids.add(endId);
        return ids;
    }

    /** Frees the weights. */
    @Override
    public void close() {
        model.close();
    }

    /**
     * Writes all but the weights into a directory.
     *
     * @param endId ends a response
     * @param dtype of the weights
     */
    static void writeFiles(Path directory, LanguageModel model, Tokenizer tokenizer, int endId, String configYaml, DType dtype) throws IOException {
        int bosId = tokenizer.bosId().orElse(tokenizer.eosId());
        model.writeConfig(directory, bosId, tokenizer.eosId(), dtype);
        tokenizer.save(directory);
        Files.writeString(directory.resolve("generation_config.json"),
                "{\n  \"bos_token_id\": " + bosId + ",\n  \"eos_token_id\": "
                        + (endId == tokenizer.eosId() ? Integer.toString(endId) : "[" + endId + ", " + tokenizer.eosId() + "]") + "\n}\n");
        Files.writeString(directory.resolve(CONFIG), configYaml);
    }
}
