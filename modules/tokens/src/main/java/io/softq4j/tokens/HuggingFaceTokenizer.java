package io.softq4j.tokens;

import ai.djl.engine.EngineException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Any {@code tokenizer.json}, by Hugging Face's own library (Rust, through ai.djl.huggingface:tokenizers). Adds no special token by
 * itself, whatever the file's post-processor says, and neither truncates nor pads.
 *
 * <p>The library is the one in the jar, for the CPU; nothing is downloaded and DJL's usage report is off. Its native memory lives as
 * long as this object.
 */
public final class HuggingFaceTokenizer implements Tokenizer {

    private static final Map<String, String> OPTIONS = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    static {
        // read by DJL when its classes load: without them it looks for CUDA and calls home
        if (System.getenv("RUST_FLAVOR") == null) {
            System.setProperty("RUST_FLAVOR", "cpu");
        }
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private final TokenizerFiles files;
    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int vocabularySize;
    private final int eosId;

    HuggingFaceTokenizer(TokenizerFiles files) {
        this.files = files;
        JsonNode tree = files.jsonTree();
        JsonNode vocab = tree.path("model").path("vocab");
        if (vocab.isArray()) {   // Unigram: [[token, log probability], ...]
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.get(id).path(0).asText(), id);
            }
        } else {
            vocab.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        }
        TreeSet<String> added = new TreeSet<>();
        for (JsonNode token : tree.path("added_tokens")) {
            added.add(token.path("content").asText());
            ids.put(token.path("content").asText(), token.path("id").asInt());
        }
        this.vocabularySize = ids.values().stream().mapToInt(id -> id + 1).max().orElseThrow(() -> new UserError(
                files.source() + " has no vocabulary (model.vocab); expected a tokenizer.json in Hugging Face's format"));
        this.eosId = files.eosId(ids, added);
        this.library = open(files);
    }

    private static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer open(TokenizerFiles files) {
        try {
            return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(files.json()), OPTIONS);
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new UserError("the native tokenizer library does not load: " + rootMessage(e)
                    + ". It needs Linux with glibc 2.34 or newer, macOS or Windows", e);
        } catch (IOException | RuntimeException e) {
            throw new UserError("Hugging Face's tokenizers library refuses " + files.source() + ": " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    @Override
    public int[] encode(String text) {
        long[] encoded = library.encode(Unicode.requireWellFormed(text), false, false).getIds();
        return Arrays.stream(encoded).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        for (int id : tokens) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + vocabularySize);
            }
        }
        return library.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int eosId() {
        return eosId;
    }

    @Override
    public OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public void save(Path directory) {
        files.save(directory);
    }
}
