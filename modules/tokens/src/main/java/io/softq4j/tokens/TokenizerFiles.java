package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a tokenizer as they lie on disk, so that what was loaded is written back as it was.
 *
 * @param source where {@code tokenizer.json} came from, for messages
 * @param bytes  of each file, by name; {@code tokenizer.json} is among them
 */
public record TokenizerFiles(String source, Map<String, byte[]> bytes) {

    public static final String JSON = "tokenizer.json";
    public static final String CONFIG = "tokenizer_config.json";
    static final String TEMPLATE = "chat_template.jinja";

    static final String GENERATION = "generation_config.json";
    static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";
    static final String ADDED = "added_tokens.json";

    static final String EOS_IDS = "eos_token_id";

    /** Kept if they are there: other software reads them, tokenizers that are written in Python the vocabularies in other forms. */
    private static final List<String> BESIDE = List.of(CONFIG, TEMPLATE, SPECIAL_TOKENS_MAP, ADDED, "vocab.json", "merges.txt",
            "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    /** The folder with chat templates by name: {@code NAME.jinja}. */
    private static final String TEMPLATES = "additional_chat_templates";

    private static final String MODEL_CONFIG = "config.json";

    public TokenizerFiles {
        bytes = Collections.unmodifiableMap(new TreeMap<>(bytes));
    }

    public static TokenizerFiles read(Path directoryOrFile) {
        Path json = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve(JSON) : directoryOrFile;
        if (!Files.isRegularFile(json)) {
            throw new UserError("no tokenizer at " + json + ": expected a tokenizer.json in Hugging Face's format, or a directory that "
                    + "holds one");
        }
        Map<String, byte[]> bytes = new TreeMap<>();
        bytes.put(JSON, read(json, "tokenizer"));
        for (String name : Stream.concat(BESIDE.stream(), Stream.of(GENERATION)).toList()) {
            Path file = json.resolveSibling(name);
            if (Files.isRegularFile(file)) {
                bytes.put(name, read(file, "file of the tokenizer"));
            }
        }
        for (Path file : templates(json.resolveSibling(TEMPLATES))) {
            bytes.put(TEMPLATES + "/" + file.getFileName(), read(file, "chat template"));
        }
        TokenizerFiles files = new TokenizerFiles(json.toString(), bytes);
        return files.named().byKey().containsKey("eos_token") || !files.endIds().isEmpty() ? files
                : files.withEndOfModel(json.resolveSibling(MODEL_CONFIG));
    }

    /** As the library makes a generation configuration of the model's where nothing else says what ends a text. */
    private TokenizerFiles withEndOfModel(Path config) {
        JsonNode end = !Files.isRegularFile(config) ? MissingNode.getInstance()
                : tree(read(config, "model's configuration"), config.toString(), Json.PYTHON).path(EOS_IDS);
        if (ids(end).isEmpty()) {
            return this;
        }
        ObjectNode generation = has(GENERATION) ? (ObjectNode) tree(GENERATION) : Json.STRICT.createObjectNode();
        Map<String, byte[]> more = new TreeMap<>(bytes);
        more.put(GENERATION, Json.indented(generation.set(EOS_IDS, end)).getBytes(StandardCharsets.UTF_8));
        return new TokenizerFiles(source, more);
    }

    /** The files that decide what the tokenizer of {@code directoryOrFile} is; not all need be there. */
    public static List<Path> deciding(Path directoryOrFile) {
        Path json = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve(JSON) : directoryOrFile;
        List<Path> files = new ArrayList<>(List.of(json));
        List.of(CONFIG, TEMPLATE, SPECIAL_TOKENS_MAP, ADDED, GENERATION, MODEL_CONFIG).forEach(name ->
                files.add(json.resolveSibling(name)));
        return files;
    }

    /** Whether such files are read and written here, by its path in the directory. */
    public static boolean isOne(String name) {
        return name.equals(JSON) || BESIDE.contains(name) || name.startsWith(TEMPLATES + "/");
    }

    private static List<Path> templates(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(".jinja")).sorted().toList();
        } catch (IOException e) {
            throw new UserError("cannot read the chat templates in " + folder + ": " + e.getMessage() + ". Check its permissions", e);
        }
    }

    private static byte[] read(Path file, String what) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError("cannot read the " + what + " " + file + ": " + e.getMessage() + ". Check its permissions", e);
        }
    }

    byte[] json() {
        return bytes.get(JSON);
    }

    boolean has(String name) {
        return bytes.containsKey(name);
    }

    /** Where the file {@code name} of this tokenizer is or would be. */
    Path beside(String name) {
        return Path.of(source).resolveSibling(name);
    }

    /** {@code tokenizer.json} as it is used, see {@link EffectiveTokenizer}. */
    public ObjectNode effective() {
        return EffectiveTokenizer.of(this);
    }

    /** {@code tokenizer.json} as it is written. */
    ObjectNode written() {
        return tree(json(), source, Json.STRICT);
    }

    /** The file {@code name} beside it; a node that has nothing if there is none. */
    JsonNode tree(String name) {
        return has(name) ? tree(bytes.get(name), beside(name).toString(), name.equals(GENERATION) ? Json.PYTHON : Json.STRICT)
                : MissingNode.getInstance();
    }

    private static ObjectNode tree(byte[] bytes, String source, JsonMapper mapper) {
        JsonNode tree;
        try {
            tree = mapper.readTree(bytes);
        } catch (IOException e) {
            throw new UserError(source + " is not JSON: " + Json.reason(e) + ". It may be cut short; copy it again", e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new UserError(source + " must hold a JSON object, holds " + Json.kind(tree.asToken()));
        }
        return object;
    }

    /** The tokens that the files beside it name. */
    public NamedTokens named() {
        return NamedTokens.of(this);
    }

    /** {@code eos_token_id} of {@code generation_config.json}, one or a list; often none. */
    List<Integer> endIds() {
        return ids(tree(GENERATION).path(EOS_IDS));
    }

    private static List<Integer> ids(JsonNode value) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
            if (each.isIntegralNumber()) {
                ids.add(each.canConvertToInt() ? each.intValue() : -1);
            }
        }
        return ids;
    }

    /** The Jinja text of {@code chat_template.jinja}, else of {@code chat_template} in {@code tokenizer_config.json}. */
    public Optional<String> chatTemplate() {
        if (has(TEMPLATE)) {
            return Optional.of(new String(bytes.get(TEMPLATE), StandardCharsets.UTF_8));
        }
        JsonNode template = tree(CONFIG).path("chat_template");
        if (template.isArray()) {   // [{"name": "default", "template": "..."}, {"name": "tool_use", ...}]
            for (JsonNode each : template) {
                if (each.path("name").asText().equals("default")) {
                    return Optional.of(each.path("template").asText());
                }
            }
        }
        return template.isTextual() ? Optional.of(template.asText()) : Optional.empty();
    }

    /** The model's generation configuration only where nothing else says what ends a text, and a model has not its own there. */
    public void save(Path directory) {
        boolean ends = !named().byKey().containsKey("eos_token") && !Files.exists(directory.resolve(GENERATION));
        bytes.forEach((name, content) -> {
            if (ends || !name.equals(GENERATION)) {
                AtomicFiles.write(directory.resolve(name), out -> out.write(content));
            }
        });
    }
}
