package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.softq4j.common.FileManifest;
import io.softq4j.common.Inputs;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.generation.GenerationDefaults;
import io.softq4j.generation.SpecialTokens;
import io.softq4j.graph.Lowering;
import io.softq4j.model.Adapter;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.ConfigText;
import io.softq4j.model.JsonText;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.TuningConfig;
import io.softq4j.model.weights.OtherFormats;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.training.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model as it lies on the disk: Hugging Face's files, and {@code softq.yaml}, the configuration it was trained with. Or an adapter as PEFT saves
 * it, with the model it belongs to elsewhere.
 *
 * @param path      the directory with {@code config.json}, or {@code adapter_config.json}
 * @param model     its weights and graph; an adapter is merged into the weights
 * @param tokenizer of the same directory
 */
public record ModelDirectory(Path path, LanguageModel model, Tokenizer tokenizer) implements AutoCloseable {

    private static final int READS = 5;

    static final String CONFIG = "softq.yaml";
    static final String GENERATION = "generation_config.json";
    private static final String TOKENIZER = "tokenizer.json";

    /** Where a run keeps its model. */
    private static final String FINISHED = "model";

    /** Nobody edits them by hand: another byte is damage. */
    private static final Pattern DATA = Pattern.compile(".*\\.safetensors(\\.index\\.json)?|tokenizer\\.json");

    /** What a checkpoint has beside its model. */
    private static final Pattern STATE = Pattern.compile("optimizer\\.safetensors|trainer_state\\.json");

    private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);

    /**
     * Opens a model of which all trains.
     *
     * @param path a model directory, a checkpoint, or a run directory: then its finished model, else its newest whole checkpoint
     */
    public static ModelDirectory open(Path path) {
        return open(path, TuningConfig.defaults(), 0);
    }

    /**
     * Opens a model to train it.
     *
     * @param seed of its adapters
     */
    static ModelDirectory open(Path path, TuningConfig tuning, long seed) {
        for (int attempt = 1; ; attempt++) {
            Path directory = find(path);
            try {
                return open(path, directory, tuning, seed);
            } catch (UserError e) {
                // a run that goes on deletes old checkpoints, perhaps this one: it has a newer one then
                if (directory.equals(path) || Files.exists(directory) || attempt == READS) {
                    throw e;
                }
            }
        }
    }

    private static ModelDirectory open(Path path, Path directory, TuningConfig tuning, long seed) {
        Path weights = AdapterConfig.isIn(directory) ? base(directory) : directory;
        Tokenizer tokenizer = tokenizer(directory);
        int rows = ModelConfig.read(weights).vocabSize();
        if (tokenizer.vocabularySize() > rows) {
            throw new UserError(vocabulariesDisagree(directory, rows, tokenizer.vocabularySize()));
        }
        LanguageModel model = LanguageModel.load(weights, Lowering.best(), tuning, seed);
        try {
            if (AdapterConfig.isIn(directory)) {
                Adapter.read(directory, model).merge(model);
                requireWhole(weights);
            }
            if (directory.equals(path) || directory.equals(path.resolve(FINISHED))) { // else a checkpoint, whose files were compared when it was found
                requireWhole(directory);
            }
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        nameOtherIds(holder(directory, GENERATION).resolve(GENERATION), tokenizer);
        return new ModelDirectory(directory, model, tokenizer);
    }

    /** Of the tokens that the tokenizer's files name too, transformers' {@code generate()} takes those of generation_config.json, as {@link Sampling} does. */
    private static void nameOtherIds(Path generation, Tokenizer tokenizer) {
        if (!Files.exists(generation)) {
            return;
        }
        List<String> others = new ArrayList<>();
        for (String key : List.of("bos_token", "pad_token")) {
            JsonNode id = SpecialTokens.json(generation).path(key + "_id");
            String token = tokenizer.specialTokens().get(key);
            OptionalInt own = token == null ? OptionalInt.empty() : tokenizer.idOf(token);
            if (id.isIntegralNumber() && own.isPresent() && own.getAsInt() != id.longValue()) {
                others.add(key + "_id " + id + ", the tokenizer's " + key + " is \"" + token + "\", id " + own.getAsInt());
            }
        }
        if (!others.isEmpty()) {
            LOG.warn("{} has {}: generating takes the former, as transformers does; what is trained has neither", generation, String.join("; ", others));
        }
    }

    /**
     * Compares what the model is read from with the manifest that was written with it: weights and tokenizer must be as they were, and settings that are
     * edited since are named. A directory that nobody here wrote has none and is read as it is.
     *
     * @throws UserError naming the first file of weights or tokenizer that is missing or differs
     */
    static void requireWhole(Path directory) {
        Path file = directory.resolve(FileManifest.FILE);
        if (!Files.exists(file)) {
            return;
        }
        FileManifest manifest;
        try {
            manifest = FileManifest.read(directory);
        } catch (IOException e) {
            if (Files.exists(directory.resolve(CONFIG))) {
                throw new UserError(file + ", which says what this model's files are, is damaged: " + Json.reason(e) + ". Copy the directory again, or "
                        + "delete the file to read the model as it is.", e);
            }
            return; // another program's file of that name
        }
        for (String name : manifest.files().keySet()) {
            if (STATE.matcher(name).matches()) {
                continue;
            }
            manifest.fault(directory, name).ifPresent(what -> {
                if (DATA.matcher(name).matches()) {
                    throw new UserError("the model is broken at " + directory.resolve(name) + ": " + what + ". The file was changed, deleted or damaged "
                            + "after it was saved. Restore it, or delete " + file + " to read the model as it is.");
                }
                LOG.warn("{} is not as it was saved: {}. Delete {} if that is meant.", directory.resolve(name), what, FileManifest.FILE);
            });
        }
    }

    /** Why a tokenizer cannot be used with a model; the other way round, a table with spare rows, is usual. */
    static String vocabulariesDisagree(Path directory, int rows, int ids) {
        return "tokenizer and model in " + directory + " disagree: tokenizer.json has ids up to " + (ids - 1) + ", the embedding has " + rows
                + " rows (vocab_size in config.json). One of them belongs to another model, or tokens were added without resizing the embedding: "
                + "take both from the same source, or resize in Python with model.resize_token_embeddings(len(tokenizer)).";
    }

    /** The size of the model of {@code path}, without its weights. */
    static ModelConfig size(Path path) {
        Path directory = find(path);
        return ModelConfig.read(AdapterConfig.isIn(directory) ? base(directory) : directory);
    }

    /** The directory of the model that an adapter belongs to. */
    static Path base(Path adapter) {
        Path base = find(AdapterConfig.read(adapter).baseDirectory(adapter));
        if (AdapterConfig.isIn(base)) {
            throw new UserError("the base of the adapter " + adapter + " is " + base + ", an adapter too. Merge it first: softq merge " + base
                    + " --out DIR, and put DIR into base_model_name_or_path.");
        }
        return base;
    }

    /** What a command reads that opens {@code path}: the directory, and that of the model an adapter belongs to. */
    public static Inputs inputs(Path path) {
        Path directory = find(path);
        Inputs inputs = directory.equals(path) ? Inputs.of(path) : Inputs.of(directory).within(path);
        return AdapterConfig.isIn(directory) ? inputs.and(Optional.of(base(directory))) : inputs;
    }

    /** The directory to look for a file in: that of an adapter where it has the file, else that of its base. PEFT saves weights and configuration alone. */
    static Path holder(Path directory, String name) {
        return AdapterConfig.isIn(directory) && !Files.exists(directory.resolve(name)) ? base(directory) : directory;
    }

    /** The tokenizer that {@link #open} would read. */
    static Tokenizer tokenizer(Path directory) {
        return Tokenizers.load(holder(directory, TOKENIZER));
    }

    /** Where the model or adapter of {@code path} is. */
    static Path find(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UserError("there is no model directory " + path + " (from " + Path.of("").toAbsolutePath()
                    + "). Give a run directory (the --out of softq train), one of its checkpoints, or a Hugging Face model directory.");
        }
        for (Path candidate : List.of(path, path.resolve(FINISHED))) {
            if (Files.exists(candidate.resolve("config.json")) || AdapterConfig.isIn(candidate)) {
                return candidate;
            }
        }
        return Checkpoint.latest(path).map(Checkpoint::directory).orElseThrow(() -> new UserError("no model in " + path
                + ": neither config.json, nor model/, nor a whole checkpoint-STEP. " + OtherFormats.advice(path)
                        .orElse("If a run was stopped before its first checkpoint, resume it.")));
    }

    /**
     * The configuration to continue prompts with: what the model was trained with, under what is given, over the model's generation_config.json. A file
     * that is given stands for the whole configuration.
     *
     * @param model as for {@link #open}; it is not read, so that mistakes are found first
     */
    static ConfigFile configToContinue(Path model, Configuration given) {
        return GenerationSettings.continuing(config(model, given)).file();
    }

    /** The same to measure samples at several temperatures. */
    static ConfigFile configToMeasure(Path model, Configuration given) {
        return GenerationSettings.measuring(config(model, given)).file();
    }

    private static ConfigFile config(Path model, Configuration given) {
        Path directory = find(model);
        Path own = holder(directory, CONFIG).resolve(CONFIG);
        Path size = (AdapterConfig.isIn(directory) ? base(directory) : directory).resolve("config.json");
        Optional<GenerationDefaults> defaults = GenerationDefaults.read(List.of(holder(directory, GENERATION).resolve(GENERATION), size));
        return given.readInPlaceOf(GenerationSettings.schema(defaults), Optional.of(own).filter(Files::exists));
    }

    /** The tokens that begin and end a text by the files of the directory. */
    public SpecialTokens specialTokens() {
        return specialTokens(path, model.config().vocabSize());
    }

    /** The same without the model: those of an adapter's own files, where they do not name them, of the model it belongs to. */
    static SpecialTokens specialTokens(Path directory, int vocabulary) {
        Path model = AdapterConfig.isIn(directory) ? base(directory) : directory;
        return SpecialTokens.read(List.of(holder(directory, GENERATION).resolve(GENERATION), model.resolve("config.json")), vocabulary);
    }

    /** The tokens that end a text: those of the files, and {@code endId}, which ends a response as it was trained. */
    public Set<Integer> endIds(int endId) {
        Set<Integer> ids = new TreeSet<>(specialTokens().eosIds());
        ids.add(endId);
        return ids;
    }

    /** The text of ids. Rows of the embedding that the tokenizer has no token for may be drawn, too: they are no text. */
    public String text(int[] ids) {
        return text(tokenizer, ids);
    }

    static String text(Tokenizer tokenizer, int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).filter(id -> id < tokenizer.vocabularySize()).toArray());
    }

    /** The ids of a text that goes on after another, whose ids stay what they are. */
    int[] tokensAfter(String before, int[] ids, String text) {
        return tokenizer.encodeAfter(before, ids, text).ids();
    }

    /** Frees the weights. */
    @Override
    public void close() {
        model.close();
    }

    /**
     * All but the weights of a model that comes from no directory.
     *
     * @param config a {@code config.json} that gives its size: what else it says stays, but for the tokens of another tokenizer
     * @param endId  ends a response
     */
    static KeptFiles files(ModelConfig size, Optional<Path> config, Tokenizer tokenizer, int endId) {
        int bosId = tokenizer.bosId().orElse(tokenizer.eosId());
        JsonText fresh = ConfigText.fresh(size, bosId, tokenizer.eosId());
        String ends = endId == tokenizer.eosId() ? Integer.toString(endId) : "[" + endId + ", " + tokenizer.eosId() + "]";
        return KeptFiles.none()
                .with(ConfigText.FILE, config.map(file -> withTokens(ConfigText.of(file, size), fresh, tokenizer.eosId())).orElse(fresh).text())
                .with(GENERATION, "{\n  \"bos_token_id\": " + bosId + ",\n  \"eos_token_id\": " + ends + decoderTokens(size) + "\n}\n");
    }

    private static JsonText withTokens(JsonText given, JsonText fresh, int eosId) {
        JsonNode named = given.get("eos_token_id");
        for (JsonNode id : named.isArray() ? named : List.of(named)) {
            if (id.isInt() && id.intValue() == eosId) {
                return given;
            }
        }
        JsonText text = given;
        for (String key : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
            JsonNode value = fresh.get(key);
            text = value.isMissingNode() && !text.has(key) ? text : text.with(key, value.isMissingNode() ? NullNode.getInstance() : value);
        }
        return text;
    }

    /** Hugging Face would start a decoder without a token of its own from BOS. */
    private static String decoderTokens(ModelConfig config) {
        return config.encoderDecoder().map(tokens -> ",\n  \"decoder_start_token_id\": " + tokens.decoderStart() + ",\n  \"pad_token_id\": "
                + tokens.pad()).orElse("");
    }
}
