package io.softq4j.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.api.Encoding;
import io.softq4j.common.UserError;
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
 * The published vocabulary of GPT-2 as {@code tokenizer.json}, from the rank file in jtokkit's jar. A rank file lists tokens without their merges;
 * the merge of a token is what BPE makes of its bytes with the tokens before it.
 */
final class Gpt2Vocabulary {

    private static final String RANKS = "/com/knuddels/jtokkit/r50k_base.tiktoken";
    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final String SHAPE = """
            {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
             "added_tokens": [{"id": 50256, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true,
                               "special": true}],
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
             "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
             "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                       "fuse_unk": false, "byte_fallback": false, "vocab": {}, "merges": []}}""";

    private Gpt2Vocabulary() {
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
    static void write(Path directory) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode tree = (ObjectNode) json.readTree(SHAPE);
        ObjectNode vocab = (ObjectNode) tree.get("model").get("vocab");
        ArrayNode merges = (ArrayNode) tree.get("model").get("merges");
        Map<String, Integer> ranks = new HashMap<>();
        for (String token : tokens()) {
            if (token.length() > 1) {
                merges.add(String.join(" ", parts(token, ranks)));
            }
            vocab.put(token, ranks.size());
            ranks.put(token, ranks.size());
        }
        vocab.put(END_OF_TEXT, ranks.size());
        Files.write(directory.resolve("tokenizer.json"), json.writeValueAsBytes(tree));
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"" + END_OF_TEXT + "\"}\n");
    }

    /** In order of rank, a character for each byte. */
    private static List<String> tokens() throws IOException {
        char[] spelling = spelling();
        List<String> tokens = new ArrayList<>();
        try (InputStream in = Encoding.class.getResourceAsStream(RANKS)) {
            if (in == null) {
                throw new UserError("jtokkit's jar has no " + RANKS + ", the ranks of GPT-2; it is another version than the one this was written for");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                StringBuilder token = new StringBuilder();
                for (byte b : Base64.getDecoder().decode(line.substring(0, line.indexOf(' ')))) {
                    token.append(spelling[b & 0xFF]);
                }
                tokens.add(token.toString());
            }
        }
        return tokens;
    }

    /** GPT-2's characters for the 256 bytes: printable Latin-1 stands for itself, the others in order for those from U+0100 on. */
    private static char[] spelling() {
        char[] spelling = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            spelling[b] = (char) (b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE ? b : next++);
        }
        return spelling;
    }

    /** The two tokens that {@code token} is merged from. */
    private static List<String> parts(String token, Map<String, Integer> ranks) {
        List<String> parts = new ArrayList<>(Arrays.asList(token.split("")));
        while (parts.size() > 2) {
            int best = 0;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
                if (rank < lowest) {
                    lowest = rank;
                    best = i;
                }
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
        return parts;
    }
}
