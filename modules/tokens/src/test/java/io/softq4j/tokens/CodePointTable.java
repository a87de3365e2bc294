package io.softq4j.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.huggingface.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes {@code code-points.txt}: what Hugging Face's library holds each code point for, asked of the library itself, so that no JDK decides
 * it. From {@code modules/tokens}, after {@code mvn test-compile}, with the test class path and Perl, which knows the ages of code points:
 *
 * <pre>java -cp ... io.softq4j.tokens.CodePointTable src/main/resources/io/softq4j/tokens/code-points.txt</pre>
 *
 * <p>A line is the first and the last code point of a range and letters: L, N, S and M for {@code \p{L}}, {@code \p{N}}, {@code \s} and
 * {@code \p{M}}; U for {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]} and D for {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}; n for what the pre-tokenizer
 * Digits cuts at; 9 for what is assigned in Unicode 9, whose tables the library's NFC has. Ranges without a letter are left out. The file
 * in the sources was made with tokenizers 0.33.0 of ai.djl.huggingface (Oniguruma's Unicode 14, Rust's 16) and Perl 5.36.
 */
final class CodePointTable {

    private static final int POINTS = Character.MAX_CODE_POINT + 1;

    private CodePointTable() {
    }

    public static void main(String[] arguments) throws IOException {
        StringBuilder[] letters = new StringBuilder[POINTS];
        for (int c = 0; c < POINTS; c++) {
            letters[c] = new StringBuilder(4);
        }
        Map<String, String> expressions = new LinkedHashMap<>();
        expressions.put("L", "\\p{L}");
        expressions.put("N", "\\p{N}");
        expressions.put("S", "\\s");
        expressions.put("M", "\\p{M}");
        expressions.put("U", "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]");
        expressions.put("D", "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]");
        for (Map.Entry<String, String> entry : expressions.entrySet()) {
            ObjectNode split = Json.STRICT.createObjectNode().put("type", "Split").put("behavior", "Removed").put("invert", false);
            split.putObject("pattern").put("Regex", entry.getValue());
            mark(letters, entry.getKey(), library(split), 0, "");
        }
        mark(letters, "n", library(Json.STRICT.createObjectNode().put("type", "Digits").put("individual_digits", true)), 3, "a");
        ages(letters);
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(arguments[0])), false, StandardCharsets.US_ASCII)) {
            for (int start = 0, c = 1; c <= POINTS; c++) {
                if (c == POINTS || !letters[c].toString().contentEquals(letters[start])) {
                    if (!letters[start].isEmpty()) {
                        out.print(Integer.toHexString(start) + " " + Integer.toHexString(c - 1) + " " + letters[start] + "\n");
                    }
                    start = c;
                }
            }
        }
    }

    /** Every piece is one token. */
    private static HuggingFaceTokenizer library(JsonNode preTokenizer) {
        ObjectNode tree = Json.STRICT.createObjectNode().put("version", "1.0");
        tree.putArray("added_tokens");
        tree.set("pre_tokenizer", preTokenizer);
        ObjectNode model = tree.putObject("model").put("type", "WordLevel").put("unk_token", "</s>");
        model.putObject("vocab").put("</s>", 0);
        byte[] config = "{\"eos_token\": \"</s>\"}".getBytes(StandardCharsets.US_ASCII);
        return new HuggingFaceTokenizer(new TokenizerFiles("a tokenizer",
                Map.of(TokenizerFiles.JSON, Json.indented(tree).getBytes(StandardCharsets.UTF_8), TokenizerFiles.CONFIG, config)));
    }

    private static void mark(StringBuilder[] letters, String letter, Tokenizer library, int pieces, String around) {
        for (int c = 0; c < POINTS; c++) {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (!surrogate && library.encode(around + Character.toString(c) + around).length == pieces) {
                letters[c].append(letter);
            }
        }
    }

    private static void ages(StringBuilder[] letters) throws IOException {
        Process perl = new ProcessBuilder("perl", "-e", "for (0..0x10FFFF) { print \"$_\\n\" if chr($_) =~ /\\p{Present_In: 9.0}/ }")
                .start();
        try (var ages = perl.inputReader(StandardCharsets.US_ASCII)) {
            ages.lines().forEach(line -> letters[Integer.parseInt(line)].append('9'));
        }
    }
}
