package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A {@code tokenizer.json} as it is used, both by our encoder and by Hugging Face's library: what the files beside it say of its tokens
 * is put into it, as transformers does, and BPE dropout is taken out, since a text has one encoding here.
 */
public final class EffectiveTokenizer {

    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized");

    private static final String DECODER = "added_tokens_decoder";
    private static final String EXPECTED = "ids with a token each, as in \"5\": {\"content\": \"</s>\", \"special\": true}";
    private static final int SHOWN = 60;
    private static final int LARGEST_ID = (1 << 28) - 1;

    private final TokenizerFiles files;
    private final ObjectNode tree;
    private final Map<String, ObjectNode> added = new HashMap<>();
    private Map<String, Integer> vocabulary;

    private EffectiveTokenizer(TokenizerFiles files, ObjectNode tree) {
        this.files = files;
        this.tree = tree;
        tree.path("added_tokens").forEach(token -> {
            if (token instanceof ObjectNode object) {
                added.put(object.path("content").asText(), object);
            }
        });
    }

    static ObjectNode of(TokenizerFiles files) {
        EffectiveTokenizer effective = new EffectiveTokenizer(files, files.written());
        effective.withoutDropout();
        effective.declared();
        files.named().nodes().forEach(effective::named);
        effective.ending();
        effective.requireIdsOfTheLibrary();
        return effective.tree;
    }

    private void withoutDropout() {
        if (tree.path("model").path("dropout").asDouble() != 0) {
            ((ObjectNode) tree.path("model")).putNull("dropout");
        }
    }

    /** {@code added_tokens_decoder} of {@code tokenizer_config.json} stands above the flags of {@code tokenizer.json}. */
    private void declared() {
        Map<Integer, JsonNode> byId = new TreeMap<>();
        JsonNode decoder = files.tree(TokenizerFiles.CONFIG).path(DECODER);
        if (!decoder.isObject() && !decoder.isMissingNode() && !decoder.isNull()) {
            throw new UserError(files.beside(TokenizerFiles.CONFIG) + ": " + DECODER + " is " + shortly(decoder)
                    + "; expected an object of " + EXPECTED);
        }
        decoder.properties().forEach(entry -> {
            if (!entry.getKey().matches("\\d{1,9}") || !entry.getValue().path("content").isTextual()) {
                throw new UserError(files.beside(TokenizerFiles.CONFIG) + ": " + DECODER + " has \"" + entry.getKey() + "\": "
                        + shortly(entry.getValue())
                        + "; expected " + EXPECTED + ". The file was edited or is damaged; copy it again");
            }
            byId.put(Integer.parseInt(entry.getKey()), entry.getValue());
        });
        if (!decoder.isObject()) {
            earlier(byId);
        }
        byId.forEach((id, token) -> {
            String content = token.get("content").textValue();
            ObjectNode entry = added.get(content);
            requireSameId(content, id, entry == null ? vocabulary().get(content) : Integer.valueOf(entry.path("id").asInt()));
            if (entry == null) {
                add(content, token, token.path("special").asBoolean());
            } else {
                FLAGS.stream().filter(token::has).forEach(flag -> entry.put(flag, token.path(flag).asBoolean()));
                entry.put("special", token.path("special").asBoolean());
            }
        });
    }

    /**
     * {@code added_tokens.json}, which older versions wrote and the library reads where there is no {@code added_tokens_decoder}: ids by
     * token.
     */
    private void earlier(Map<Integer, JsonNode> byId) {
        files.tree(TokenizerFiles.ADDED).properties().forEach(entry -> {
            String content = entry.getKey();
            JsonNode id = entry.getValue();
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() > LARGEST_ID) {
                throw new UserError(files.beside(TokenizerFiles.ADDED) + ": the token \"" + content + "\" has id " + shortly(id)
                        + "; expected a whole number from 0 to " + LARGEST_ID + ". The file was edited or is damaged; copy it again");
            }
            ObjectNode known = added.get(content);
            boolean special = files.named().nodes().containsKey(content);
            byId.put(id.intValue(), known != null ? known.deepCopy() : JsonNodeFactory.instance.objectNode().put("content", content)
                    .put("normalized", !special).put("special", special));
        });
    }

    private static String shortly(JsonNode node) {
        String text = node.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    /** @param written in {@code tokenizer.json}; null if it has no such token */
    private void requireSameId(String content, int declared, Integer written) {
        if (written != null && written != declared) {
            throw new UserError("the token \"" + content + "\" has id " + declared + " in "
                    + (files.tree(TokenizerFiles.CONFIG).has(DECODER)
                    ? DECODER + " of " + files.beside(TokenizerFiles.CONFIG) : files.beside(TokenizerFiles.ADDED)) + ", but id " + written
                    + " in " + files.source() + ". The files belong to two tokenizers; copy both again from one");
        }
    }

    /**
     * A token with a part to play is special, whatever its own flag says. One of the vocabulary is then found in text as it is spelled, and
     * one that no vocabulary has is added behind all others; but an end that a model never saw is a mistake, which {@link SpecialIds}
     * names.
     */
    private void named(String content, JsonNode node) {
        ObjectNode entry = added.get(content);
        if (entry != null) {
            entry.put("special", true);
        } else if (vocabulary().containsKey(content) || !content.isEmpty() && !content.equals(files.named().byKey().get("eos_token"))) {
            add(content, node, true);
        }
    }

    /** The end tokens that {@code generation_config.json} has by their ids. */
    private void ending() {
        Set<Integer> ids = new HashSet<>(files.endIds());
        added.values().stream().filter(token -> ids.contains(token.path("id").asInt(-1))).forEach(token -> token.put("special", true));
    }

    private void add(String content, JsonNode flags, boolean special) {
        Map<String, Integer> vocabulary = vocabulary();
        int next = Math.max(vocabulary.size(), 1 + added.values().stream().mapToInt(token -> token.path("id").asInt()).max().orElse(-1));
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put("id", vocabulary.getOrDefault(content, next)).put("content", content);
        FLAGS.forEach(flag -> entry.put(flag, flags.path(flag).asBoolean(flag.equals("normalized") && !special)));
        entry.put("special", special);
        ((ArrayNode) tree.withArray("added_tokens")).add(entry);
        added.put(content, entry);
    }

    /**
     * The library counts ids of added tokens itself, from the end of the vocabulary: others than those of the file would be what a model
     * sees.
     */
    private void requireIdsOfTheLibrary() {
        tree.path("model").path("vocab").properties().forEach(token -> {
            JsonNode id = token.getValue();
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() > LARGEST_ID) {
                throw new UserError(files.source() + ": the token \"" + token.getKey() + "\" of model.vocab has id " + id
                        + "; expected a whole number from 0 to "
                        + LARGEST_ID + ". The file was edited or is damaged; copy it again");
            }
        });
        Map<String, Integer> known = new HashMap<>(vocabulary());
        int size = known.size();
        int last = -1;
        for (Iterator<JsonNode> tokens = tree.path("added_tokens").elements(); tokens.hasNext();) {
            JsonNode token = tokens.next();
            String content = token.path("content").asText();
            if (content.isEmpty()) {
                tokens.remove();   // as the library leaves it out
                continue;
            }
            int id = known.getOrDefault(content, Math.max(size, last + 1));
            JsonNode written = token.path("id");
            if (!written.isIntegralNumber() || written.longValue() != id) {
                throw new UserError(files.source() + ": the added token \"" + content + "\" has id " + written
                        + ", but Hugging Face's library gives it id "
                        + id + (vocabulary().containsKey(content) ? ", that of the vocabulary" : ", the next that is free")
                        + ". The file was edited or put together from two tokenizers; save it again from where it was trained");
            }
            known.put(content, id);
            last = Math.max(last, id);
        }
    }

    /** The model's own tokens, without those that are only added. */
    private Map<String, Integer> vocabulary() {
        if (vocabulary == null) {
            vocabulary = vocabulary(tree);
        }
        return vocabulary;
    }

    /** The model's own tokens of a {@code tokenizer.json}: {@code {token: id}}, or of a Unigram {@code [[token, log probability], ...]}. */
    public static Map<String, Integer> vocabulary(JsonNode tree) {
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocab = tree.path("model").path("vocab");
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.get(id).path(0).asText(), id);
            }
        } else {
            vocab.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        }
        return ids;
    }
}
