package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
record TokenizerFiles(String source, Map<String, byte[]> bytes) {

    static final String JSON = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String TEMPLATE = "chat_template.jinja";

    /** Kept if they are there: other software reads them, tokenizers that are written in Python the vocabularies in other forms. */
    private static final List<String> BESIDE = List.of(CONFIG, TEMPLATE, "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
            "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    /** The folder with chat templates by name: {@code NAME.jinja}. */
    private static final String TEMPLATES = "additional_chat_templates";

    TokenizerFiles {
        bytes = Collections.unmodifiableMap(new TreeMap<>(bytes));
    }

    static TokenizerFiles read(Path directoryOrFile) {
        Path json = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve(JSON) : directoryOrFile;
        if (!Files.isRegularFile(json)) {
            throw new UserError("no tokenizer at " + json + ": expected a tokenizer.json in Hugging Face's format, or a directory that holds one");
        }
        Map<String, byte[]> bytes = new TreeMap<>();
        bytes.put(JSON, read(json, "tokenizer"));
        for (String name : BESIDE) {
            Path file = json.resolveSibling(name);
            if (Files.isRegularFile(file)) {
                bytes.put(name, read(file, "file of the tokenizer"));
            }
        }
        for (Path file : templates(json.resolveSibling(TEMPLATES))) {
            bytes.put(TEMPLATES + "/" + file.getFileName(), read(file, "chat template"));
        }
        return new TokenizerFiles(json.toString(), bytes);
    }

    /** Whether such files are read and written here, by its path in the directory. */
    static boolean isOne(String name) {
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

    JsonNode jsonTree() {
        return tree(json(), source);
    }

    /** {@code tokenizer_config.json}; a node that has nothing if there is none. */
    JsonNode configTree() {
        return has(CONFIG) ? tree(bytes.get(CONFIG), beside(CONFIG).toString()) : MissingNode.getInstance();
    }

    private static JsonNode tree(byte[] bytes, String source) {
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UserError(source + " is not JSON: " + io.softq4j.common.Json.reason(e) + ". It may be cut short; copy it again", e);
        }
        if (!tree.isObject()) {
            throw new UserError(source + " must hold a JSON object, holds " + io.softq4j.common.Json.kind(tree.asToken()));
        }
        return tree;
    }

    /** The strings of {@code bos_token}, {@code eos_token} and the like in {@code tokenizer_config.json}, by key. */
    Map<String, String> specialTokens() {
        Map<String, String> tokens = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : configTree().properties()) {
            JsonNode value = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
            if (entry.getKey().endsWith("_token") && value.isTextual()) {
                tokens.put(entry.getKey(), value.asText());
            }
        }
        return Collections.unmodifiableMap(tokens);
    }

    /** The Jinja text of {@code chat_template.jinja}, else of {@code chat_template} in {@code tokenizer_config.json}. */
    Optional<String> chatTemplate() {
        if (has(TEMPLATE)) {
            return Optional.of(new String(bytes.get(TEMPLATE), StandardCharsets.UTF_8));
        }
        JsonNode template = configTree().path("chat_template");
        if (template.isArray()) {   // [{"name": "default", "template": "..."}, {"name": "tool_use", ...}]
            for (JsonNode each : template) {
                if (each.path("name").asText().equals("default")) {
                    return Optional.of(each.path("template").asText());
                }
            }
        }
        return template.isTextual() ? Optional.of(template.asText()) : Optional.empty();
    }

    void save(Path directory) {
        bytes.forEach((name, content) -> AtomicFiles.write(directory.resolve(name), out -> out.write(content)));
    }
}
