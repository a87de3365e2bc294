package io.softq4j.cli.pipeline;

import io.softq4j.cli.config.ConfigFile;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.T5Config;
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
        return new ModelDirectory(directory, LanguageModel.load(directory, Lowering.best()), Tokenizers.load(directory));
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
                + ": neither config.json, nor model/, nor a whole checkpoint-STEP. If a run was stopped before its first checkpoint, resume it."));
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

    /** Writes all but the weights into a directory. @param endId ends a response */
    static void writeFiles(Path directory, LanguageModel model, Tokenizer tokenizer, int endId, String configYaml) throws IOException {
        int bosId = tokenizer.bosId().orElse(tokenizer.eosId());
        model.writeConfig(directory, bosId, tokenizer.eosId());
        tokenizer.save(directory);
        Files.writeString(directory.resolve("generation_config.json"),
                "{\n  \"bos_token_id\": " + bosId + ",\n  \"eos_token_id\": "
                        + (endId == tokenizer.eosId() ? Integer.toString(endId) : "[" + endId + ", " + tokenizer.eosId() + "]")
                        + decoderTokens(model.config()) + "\n}\n");
        Files.writeString(directory.resolve(CONFIG), configYaml);
    }

    /** Hugging Face would start a decoder without a token of its own from BOS. */
    private static String decoderTokens(ModelConfig config) {
        return config instanceof T5Config t5
                ? ",\n  \"decoder_start_token_id\": " + t5.decoderStartTokenId() + ",\n  \"pad_token_id\": " + t5.padTokenId() : "";
    }
}
