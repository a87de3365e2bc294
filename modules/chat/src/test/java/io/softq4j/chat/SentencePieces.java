package io.softq4j.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Small tokenizers as SentencePiece's models are converted, with tokens that like to reach over seams. */
final class SentencePieces {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PAIRS = List.of("\u2581 b", "\u2581 [", "] \u2581", "t \n", "\n b", "\n s", "> \n", "\n <", "i x",
            "n t", "\n \n", ": \u2581");

    private SentencePieces() {
    }

    /** A Unigram model behind a Metaspace. @param scheme first, always or never */
    static Tokenizer unigram(Path home, String scheme, List<String> special) throws IOException {
        ObjectNode tree = tree(special);
        tree.putObject("pre_tokenizer").put("type", "Metaspace").put("replacement", "\u2581").put("prepend_scheme", scheme).put("split",
                true);
        ObjectNode model = tree.putObject("model").put("type", "Unigram").put("unk_id", 0).put("byte_fallback", true);
        ArrayNode vocab = model.putArray("vocab");
        vocabulary(special).forEach(token -> vocab.addArray().add(token).add(token.startsWith("<0x") ? -20.0 : -10.0
                - 1.0 / token.length()));
        return write(home, tree, special);
    }

    /** Llama 2's: a BPE model without a pre-tokenizer, the normaliser writes the sign in front. */
    static Tokenizer prepend(Path home, List<String> special) throws IOException {
        ObjectNode tree = tree(special);
        ArrayNode normalizers = tree.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", "\u2581");
        normalizers.addObject().put("type", "Replace").put("content", "\u2581").putObject("pattern").put("String", " ");
        ObjectNode model = tree.putObject("model").put("type", "BPE").put("unk_token", "<unk>").put("fuse_unk", true).put("byte_fallback",
                true);
        ObjectNode vocab = model.putObject("vocab");
        vocabulary(special).forEach(token -> vocab.put(token, vocab.size()));
        PAIRS.forEach(model.putArray("merges")::add);
        return write(home, tree, special);
    }

    private static List<String> vocabulary(List<String> special) {
        List<String> tokens = new ArrayList<>(List.of("<unk>"));
        tokens.addAll(special);
        for (int b = 0; b < 256; b++) {
            tokens.add(String.format(Locale.ROOT, "<0x%02X>", b));
        }
        tokens.addAll(List.of("\u2581", "\n"));
        for (char c = '!'; c <= '~'; c++) {
            tokens.add(String.valueOf(c));
        }
        PAIRS.forEach(pair -> tokens.add(pair.replace(" ", "")));
        return tokens;
    }

    private static ObjectNode tree(List<String> special) {
        ObjectNode tree = JSON.createObjectNode().put("version", "1.0");
        for (String name : List.of("truncation", "padding", "normalizer", "pre_tokenizer", "post_processor")) {
            tree.putNull(name);
        }
        ArrayNode decoders = tree.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject().put("type", "Replace").put("content", " ").putObject("pattern").put("String", "\u2581");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        ArrayNode added = tree.putArray("added_tokens");
        for (int i = 0; i < special.size(); i++) {
            added.addObject().put("id", i + 1).put("content", special.get(i)).put("single_word", false).put("lstrip", false).put("rstrip",
                    false)
                    .put("normalized", false).put("special", true);
        }
        return tree;
    }

    private static Tokenizer write(Path home, ObjectNode tree, List<String> special) throws IOException {
        Files.createDirectories(home);
        Files.write(home.resolve("tokenizer.json"), JSON.writeValueAsBytes(tree));
        Files.writeString(home.resolve("tokenizer_config.json"), "{\"eos_token\": \"" + special.get(0) + "\"}");
        return Tokenizers.load(home);
    }
}
