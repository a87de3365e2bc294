package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.softq4j.common.Json;
import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.generation.SpecialTokens;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.ConfigText;
import io.softq4j.model.JsonText;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files beside the weights of a model, which every directory that is made from it has too, byte for byte: its configuration with the keys that only
 * other programs know, {@code generation_config.json}, the tokenizer's files, templates, licence. What changes is said by the methods here, each with the
 * one value it changes. In memory, since a run ends long after it began.
 *
 * @param bytes of each file, by its path in the directory
 */
record KeptFiles(SortedMap<String, byte[]> bytes) {

    private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);

    /** Weights in any format, and what makes a checkpoint one from which training goes on, or is true of one directory alone. */
    private static final Pattern LEFT_BEHIND = Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt|h5|msgpack|gguf|onnx|onnx_data)"
            + "|.*\\.(safetensors|bin)\\.index\\.json|trainer_state\\.json|manifest\\.json|parity\\.json|\\..*\\.(lock|tmp)");

    /** What an adapter is and belongs to. */
    private static final List<String> OF_ADAPTER = List.of("adapter_config.json", AdapterBase.FILE);

    /** The model card tells how the weights beside it came to be. */
    private static final String CARD = "README.md";

    /** Of all folders the one that tools read as a part of a model: templates by name. */
    private static final String TEMPLATES = "additional_chat_templates";

    /** More is no description of a model, and every checkpoint would have it. */
    private static final long LARGEST = 64L << 20;

    /** What config.json may have of how texts are drawn: without a generation_config.json, transformers reads them there. */
    private static final List<String> GENERATION_KEYS = List.of("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id",
            "forced_bos_token_id", "forced_eos_token_id", "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
            "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size",
            "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "remove_invalid_values", "exponential_decay_length_penalty",
            "suppress_tokens", "begin_suppress_tokens");

    KeptFiles {
        bytes = Collections.unmodifiableSortedMap(new TreeMap<>(bytes));
    }

    /** No files. */
    static KeptFiles none() {
        return new KeptFiles(new TreeMap<>());
    }

    /**
     * Those of a model directory, with a configuration that says what the weights are; of an adapter, its own before those of the model it belongs to, without both model
     * cards.
     */
    static KeptFiles of(Path directory) {
        if (!AdapterConfig.isIn(directory)) {
            return read(directory).with(directory, ModelConfig.read(directory));
        }
        Predicate<String> kept = name -> !name.equals(CARD) && !OF_ADAPTER.contains(name);
        return read(directory).only(kept).over(of(ModelDirectory.base(directory)).only(kept));
    }

    private static KeptFiles read(Path directory) {
        SortedMap<String, byte[]> bytes = new TreeMap<>();
        List<String> large = new ArrayList<>();
        List<String> folders;
        try {
            folders = foldersOfOthers(directory);
            for (Path file : files(directory)) {
                if (Files.size(file) > LARGEST) {
                    large.add(file.getFileName().toString());
                } else {
                    bytes.put(directory.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UserError("cannot read the files of the model in " + directory + ": " + e.getMessage() + ". Check their permissions.", e);
        }
        if (!large.isEmpty()) {
            LOG.warn("{} has files of more than {} MiB beside the weights, {}: they are left there. Copy them by hand if they belong to the model.",
                    directory, LARGEST >> 20, String.join(", ", large));
        }
        if (!folders.isEmpty()) {
            LOG.warn("{} has folders beside the weights, {}: they are left there. Copy them by hand if they belong to the model.", directory,
                    String.join(", ", folders));
        }
        return new KeptFiles(bytes);
    }

    /** But for hidden ones, such as {@code .git} and {@code .cache}, which are their tools' own. */
    private static List<String> foldersOfOthers(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(TEMPLATES)).map(name -> name + "/").sorted().toList();
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : List.of(directory, directory.resolve(TEMPLATES))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.filter(file -> Files.isRegularFile(file) && !LEFT_BEHIND.matcher(file.getFileName().toString()).matches())
                            .sorted().forEach(files::add);
                }
            }
        }
        return files;
    }

    /** These where they are, else those of {@code base}; of another tokenizer's files, none. */
    KeptFiles over(KeptFiles base) {
        byte[] own = bytes.get(Tokenizers.FILE);
        boolean same = own == null || Arrays.equals(own, base.bytes.get(Tokenizers.FILE));
        SortedMap<String, byte[]> all = new TreeMap<>(same ? base.bytes : base.withoutTokenizer().bytes);
        all.putAll(bytes);
        return new KeptFiles(all);
    }

    /** Those without the tokenizer's. */
    KeptFiles withoutTokenizer() {
        return only(name -> !Tokenizers.isFileOf(name));
    }

    /** Whether the tokenizer is the one of that {@code tokenizer.json}. */
    boolean hasTokenizer(String sha256) {
        return bytes.containsKey(Tokenizers.FILE) && Sha256.of(bytes.get(Tokenizers.FILE)).equals(sha256);
    }

    /** Those without the model card. */
    KeptFiles withoutCard() {
        return only(name -> !name.equals(CARD));
    }

    /** Those without the configuration of the model: adapters have none. */
    KeptFiles withoutConfig() {
        return only(name -> !name.equals(ConfigText.FILE));
    }

    private KeptFiles only(Predicate<String> names) {
        SortedMap<String, byte[]> all = new TreeMap<>(bytes);
        all.keySet().removeIf(names.negate());
        return new KeptFiles(all);
    }

    /** The same with another text of a file. */
    KeptFiles with(String name, String text) {
        SortedMap<String, byte[]> all = new TreeMap<>(bytes);
        all.put(name, text.getBytes(StandardCharsets.UTF_8));
        return new KeptFiles(all);
    }

    private KeptFiles edited(String name, UnaryOperator<JsonText> edit) {
        return bytes.containsKey(name) ? with(name, edit.apply(json(name)).text()) : this;
    }

    private JsonText json(String name) {
        return new JsonText(name, new String(bytes.getOrDefault(name, "{}".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
    }

    /**
     * The same with a model's configuration in place of what a file says that it is not any more, as where its output layer came apart from the embedding.
     *
     * @param path the directory, or its {@code config.json}, or such a file of another name
     */
    KeptFiles with(Path path, ModelConfig size) {
        return with(ConfigText.FILE, ConfigText.of(path, size).text());
    }

    /** The same beside weights of that type. The model card says it too, where it is one of ours. */
    KeptFiles with(DType dtype) {
        KeptFiles typed = edited(ConfigText.FILE, config -> ConfigText.withDtype(config, dtype));
        if (!bytes.containsKey(CARD)) {
            return typed;
        }
        return typed.with(CARD, json(CARD).text().replaceAll("(?m)^(\\| precision \\| .*saved as )\\w+ \\|$", "$1" + dtype.torchName() + " |"));
    }

    /**
     * The same of a model whose responses end in a token, as it was trained: it is put behind the end tokens that the files name, unless it is one of
     * them. Where they are in {@code config.json} alone, {@code generation_config.json} takes from there what transformers would read there.
     */
    KeptFiles endingWith(int endId) {
        JsonText generation = json(ModelDirectory.GENERATION);
        JsonNode named = generation.get("eos_token_id");
        if (named.isMissingNode() || named.isNull()) {
            named = json(ConfigText.FILE).get("eos_token_id");
        }
        ArrayNode ends = JsonNodeFactory.instance.arrayNode();
        (named.isArray() ? named : List.of(named)).forEach(id -> {
            if (id.isIntegralNumber()) {
                ends.add(id.intValue());
            }
        });
        for (JsonNode id : ends) {
            if (id.intValue() == endId) {
                return this;
            }
        }
        ends.add(endId);
        if (!bytes.containsKey(ModelDirectory.GENERATION)) {
            for (String key : GENERATION_KEYS) {
                JsonNode value = json(ConfigText.FILE).get(key);
                generation = value.isMissingNode() || value.isNull() ? generation : generation.with(key, value);
            }
        }
        return with(ModelDirectory.GENERATION, generation.with("eos_token_id", ends.size() == 1 ? ends.get(0) : ends).text());
    }

    /** The tokens that begin and end a text, as whoever opens a directory with these files finds them. */
    SpecialTokens specialTokens(int vocabulary) {
        Map<String, JsonNode> files = new LinkedHashMap<>();
        for (String name : List.of(ModelDirectory.GENERATION, ConfigText.FILE)) {
            if (bytes.containsKey(name)) {
                try {
                    files.put(name, Json.PYTHON.readTree(bytes.get(name)));
                } catch (IOException e) {
                    throw new UserError(name + " of the model is not valid JSON: " + Json.reason(e), e);
                }
            }
        }
        return SpecialTokens.of(files, vocabulary);
    }

    /** Writes them into an existing directory. */
    void write(Path directory) throws IOException {
        for (String name : bytes.keySet()) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes.get(name));
        }
    }
}
