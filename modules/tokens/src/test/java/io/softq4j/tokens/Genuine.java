package io.softq4j.tokens;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.api.Encoding;
import io.softq4j.common.Json;
import io.softq4j.tokens.bpe.ByteAlphabet;
import io.softq4j.tokens.bpe.PreTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The published vocabularies of GPT-2 (r50k_base) and its successors as {@code tokenizer.json}, from the rank files in jtokkit's jar. A
 * rank file lists tokens without their merges; the merge of a token is what BPE makes of its bytes with the tokens before it.
 */
public final class Genuine {

    private Genuine() {
    }

    /** Tokens in order of rank, spelled in {@link ByteAlphabet}. */
    static List<String> tokens(String name) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (InputStream in = Encoding.class.getResourceAsStream("/com/knuddels/jtokkit/" + name + ".tiktoken");
             BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                tokens.add(ByteAlphabet.spell(Base64.getDecoder().decode(line.substring(0, line.indexOf(' ')))));
            }
        }
        return tokens;
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json} as the published files of such models are. */
    public static Path write(Path directory, String name, PreTokenizer cut, boolean nfc, boolean ignoreMerges) throws IOException {
        List<String> tokens = tokens(name);
        ObjectNode tree = shape(cut, nfc, ignoreMerges);
        Map<String, Integer> ranks = new HashMap<>();
        ArrayNode merges = (ArrayNode) tree.get("model").get("merges");
        for (String token : tokens) {
            if (token.length() > 1) {
                List<String> parts = merged(token, ranks);
                if (parts.size() == 2) {   // a few tokens of the newer vocabularies cannot be reached by merges: ignore_merges is for them
                    merges.add(parts.get(0) + " " + parts.get(1));
                }
            }
            ranks.put(token, ranks.size());
        }
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        ranks.forEach(vocab::put);
        int end = tokens.size();
        if (cut == PreTokenizer.GPT2) {
            vocab.put("<|endoftext|>", end);
        }
        tree.withArray("added_tokens").addObject().put("id", end).put("content", "<|endoftext|>").put("single_word", false).put("lstrip",
                false)
                .put("rstrip", false).put("normalized", cut == PreTokenizer.GPT2).put("special", true);
        Files.write(directory.resolve(TokenizerFiles.JSON), Json.STRICT.writeValueAsBytes(tree));
        Files.writeString(directory.resolve(TokenizerFiles.CONFIG), "{\"eos_token\": \"<|endoftext|>\"}");
        return directory;
    }

    /** A {@code tokenizer.json} without a vocabulary, shaped as the models that cut text so publish theirs. */
    public static ObjectNode shape(PreTokenizer cut, boolean nfc, boolean ignoreMerges) throws IOException {
        ObjectNode tree = (ObjectNode) Json.STRICT.readTree("""
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
                 "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                           "fuse_unk": false, "byte_fallback": false, "vocab": {}, "merges": []}}""");
        if (nfc) {
            tree.putObject("normalizer").put("type", "NFC");
        }
        if (cut != PreTokenizer.GPT2) {
            ArrayNode parts = tree.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
            ObjectNode split = parts.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", cut.expression());
            split.put("behavior", "Isolated").put("invert", false);
            parts.addObject().put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", false);
        }
        if (ignoreMerges) {
            ((ObjectNode) tree.get("model")).put("ignore_merges", true);
        }
        return tree;
    }

    private static List<String> merged(String token, Map<String, Integer> ranks) {
        List<String> parts = new ArrayList<>(Arrays.asList(token.split("")));
        while (parts.size() > 2) {
            int best = -1;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
                if (rank < lowest) {
                    lowest = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return parts;
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
        return parts;
    }
}
