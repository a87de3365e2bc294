package io.softq4j.tokens.bpe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.AddedToken;
import io.softq4j.tokens.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A trained {@link BpeModel} as {@code tokenizer.json} and {@code tokenizer_config.json} of Hugging Face: model BPE, pre-tokenizer and
 * decoder ByteLevel, no normaliser or NFC, no post-processor.
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
        for (AddedToken token : model.added()) {
            ((ArrayNode) tree.get("added_tokens")).add(parse(ADDED).put("id", token.id()).put("content", token.content()));
        }
        if (model.nfc()) {
            tree.putObject("normalizer").put("type", "NFC");
        }
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        for (int id = 0; id < model.tokens().size(); id++) {
            vocab.put(model.tokens().get(id), id);
        }
        ArrayNode merges = (ArrayNode) tree.get("model").get("merges");
        model.merges().forEach(m -> merges.add(model.tokens().get(m.left()) + " " + model.tokens().get(m.right())));

        String eos = options.specialTokens().get(0);
        ObjectNode config = Json.STRICT.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast").put("eos_token", eos).put("pad_token", eos)
                .put("model_max_length", options.modelMaxLength()).put("clean_up_tokenization_spaces", false);
        return new TokenizerFiles("the trained " + TokenizerFiles.JSON,
                Map.of(TokenizerFiles.JSON, bytes(tree), TokenizerFiles.CONFIG, bytes(config)));
    }

    private static byte[] bytes(ObjectNode tree) {
        return Json.indented(tree).getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode parse(String json) {
        try {
            return (ObjectNode) Json.STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
