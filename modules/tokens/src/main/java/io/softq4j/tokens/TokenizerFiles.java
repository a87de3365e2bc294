package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The two files of a tokenizer as they lie on disk, so that what was loaded is written back as it was.
 *
 * @param source    where {@code json} came from, for messages
 * @param json      bytes of {@code tokenizer.json}
 * @param config    bytes of {@code tokenizer_config.json}, or null where there is none
 */
record TokenizerFiles(String source, byte[] json, byte[] config) {

    static final String JSON = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";

    private static final List<String> USUAL_EOS = List.of("<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "[EOS]");

    static TokenizerFiles read(Path directoryOrFile) {
        Path json = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve(JSON) : directoryOrFile;
        Path config = json.resolveSibling(CONFIG);
        if (!Files.isRegularFile(json)) {
            throw new UserError("no tokenizer at " + json + ": expected a tokenizer.json in Hugging Face's format, or a directory that holds one");
        }
        try {
            return new TokenizerFiles(json.toString(), Files.readAllBytes(json), Files.isRegularFile(config) ? Files.readAllBytes(config) : null);
        } catch (IOException e) {
            throw new UserError("cannot read " + json + ": " + e.getMessage(), e);
        }
    }

    JsonNode jsonTree() {
        return tree(json, source);
    }

    private static JsonNode tree(byte[] bytes, String source) {
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UserError(source + " is not JSON: " + Json.reason(e) + ". It may be cut short; copy it again", e);
        }
        if (!tree.isObject()) {
            throw new UserError(source + " must hold a JSON object, holds " + tree.getNodeType());
        }
        return tree;
    }

    /**
     * The id that ends a response: {@code eos_token} of {@code tokenizer_config.json}, else the only one of the usual names.
     *
     * @param ids   the whole vocabulary
     * @param added the added tokens, among which the usual names are looked up
     */
    int eosId(Map<String, Integer> ids, Collection<String> added) {
        String configSource = Path.of(source).resolveSibling(CONFIG).toString();
        JsonNode eos = config == null ? null : tree(config, configSource).get("eos_token");
        String named = eos == null || eos.isNull() ? null : eos.isObject() ? eos.path("content").asText() : eos.asText();
        if (named != null) {
            Integer id = ids.get(named);
            if (id == null) {
                throw new UserError(configSource + ": eos_token \"" + named + "\" is not in the vocabulary of " + source);
            }
            return id;
        }
        List<String> usual = USUAL_EOS.stream().filter(added::contains).toList();
        if (usual.size() == 1) {
            return ids.get(usual.get(0));
        }
        throw new UserError(source + " does not say which token ends a text (EOS): " + configSource
                + (config == null ? " does not exist" : " has no eos_token") + " and " + (usual.isEmpty() ? "none of the usual names "
                + USUAL_EOS + " is among the added tokens" : "several usual names are present: " + usual)
                + ". Put {\"eos_token\": \"...\"} into " + configSource);
    }

    void save(Path directory) {
        AtomicFiles.write(directory.resolve(JSON), out -> out.write(json));
        if (config != null) {
            AtomicFiles.write(directory.resolve(CONFIG), out -> out.write(config));
        }
    }
}
