package io.softq4j.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@link BpeModel} as {@code tokenizer.json} and {@code tokenizer_config.json} of Hugging Face: model BPE, pre-tokenizer and decoder
 * ByteLevel, no normaliser, no post-processor.
 */
final class BpeFile {

    private static final String SHAPE = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
             "post_processor": null,
             "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
             "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
                       "fuse_unk": false, "byte_fallback": false, "ignore_merges": false, "vocab": {}, "merges": []}}""";

    private static final String ADDED = """
            {"id": 0, "content": "", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}""";

    private BpeFile() {
    }

    static TokenizerFiles write(BpeModel model, BpeOptions options) {
        ObjectNode tree = parse(SHAPE);
        for (int id : model.special()) {
            ObjectNode added = parse(ADDED).put("id", id).put("content", model.tokens().get(id));
            ((ArrayNode) tree.get("added_tokens")).add(added);
        }
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        for (int id = 0; id < model.tokens().size(); id++) {
            vocab.put(model.tokens().get(id), id);
        }
        ArrayNode merges = (ArrayNode) tree.get("model").get("merges");
        model.merges().forEach(m -> merges.add(model.tokens().get(m.left()) + " " + model.tokens().get(m.right())));

        String eos = options.specialTokens().get(0);
        ObjectNode config = Json.MAPPER.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast").put("eos_token", eos).put("pad_token", eos)
                .put("model_max_length", options.modelMaxLength()).put("clean_up_tokenization_spaces", false);
        return new TokenizerFiles("the trained " + TokenizerFiles.JSON, Json.write(tree), Json.write(config));
    }

    /**
     * The model in {@code files}, or empty if the file says anything that {@link #write} never says; Hugging Face's library reads it then.
     *
     * @throws UserError if it looks like ours but contradicts itself
     */
    static Optional<BpeModel> read(TokenizerFiles files) {
        JsonNode tree = files.jsonTree();
        if (!shapeOf(tree).equals(parse(SHAPE))) {
            return Optional.empty();
        }
        Map<String, Integer> ids = new HashMap<>();
        String[] tokens = new String[tree.get("model").get("vocab").size()];
        for (var entry : tree.get("model").get("vocab").properties()) {
            int id = entry.getValue().asInt(-1);
            if (id < 0 || id >= tokens.length || tokens[id] != null) {
                return Optional.empty();   // ids with holes: legal, not ours
            }
            tokens[id] = entry.getKey();
            ids.put(entry.getKey(), id);
        }
        Set<Integer> special = new HashSet<>();
        for (JsonNode added : tree.get("added_tokens")) {
            String content = added.path("content").asText();
            if (!added.equals(parse(ADDED).put("id", added.path("id").asInt()).put("content", content))
                    || ids.getOrDefault(content, -1) != added.get("id").asInt()) {
                return Optional.empty();
            }
            special.add(added.get("id").asInt());
        }
        Set<Byte> single = new HashSet<>();
        for (int id = 0; id < tokens.length; id++) {
            byte[] bytes = ByteAlphabet.bytesOf(tokens[id]);
            if (!special.contains(id) && (bytes == null || bytes.length == 0)) {
                return Optional.empty();
            }
            if (!special.contains(id) && bytes.length == 1) {
                single.add(bytes[0]);
            }
        }
        if (single.size() < 256) {
            return Optional.empty();
        }
        return Optional.of(new BpeModel(Arrays.asList(tokens), merges(tree.get("model").get("merges"), ids, files.source()),
                special.stream().sorted().toList()));
    }

    private static List<BpeModel.Merge> merges(JsonNode list, Map<String, Integer> ids, String source) {
        List<BpeModel.Merge> merges = new ArrayList<>();
        for (JsonNode merge : list) {
            String[] pair = merge.isArray() ? new String[] {merge.path(0).asText(), merge.path(1).asText()} : merge.asText().split(" ", -1);
            Integer left = pair.length == 2 ? ids.get(pair[0]) : null;
            Integer right = pair.length == 2 ? ids.get(pair[1]) : null;
            Integer result = pair.length == 2 ? ids.get(pair[0] + pair[1]) : null;
            if (left == null || right == null || result == null) {
                throw new UserError(source + ": merge " + merges.size() + " is " + merge + ", but both parts and their concatenation must be in the "
                        + "vocabulary. The file was edited or put together from two tokenizers; save it again from where it was trained");
            }
            merges.add(new BpeModel.Merge(left, right, result));
        }
        return merges;
    }

    private static JsonNode shapeOf(JsonNode tree) {
        ObjectNode shape = tree.deepCopy();
        if (shape.path("added_tokens").isArray()) {
            shape.putArray("added_tokens");
        }
        if (shape.get("model") instanceof ObjectNode model && model.path("vocab").isObject() && model.path("merges").isArray()) {
            model.putObject("vocab");
            model.putArray("merges");
        }
        return shape;
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
