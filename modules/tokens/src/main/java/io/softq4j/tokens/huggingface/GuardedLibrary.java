package io.softq4j.tokens.huggingface;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.tokens.TokenizerExhausted;
import io.softq4j.tokens.bpe.Backtracking;
import io.softq4j.tokens.bpe.PreTokenizer;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hugging Face's library, in this process if the regular expressions of the file cannot exhaust its matcher on the text at hand, else in a
 * process of its own: the library ends the process it is in where a match takes too many steps.
 */
final class GuardedLibrary implements Library {

    /** At most, roughly. */
    private static final int CHARS_OF_TOKEN = 32;

    private final byte[] json;
    private final String source;
    private final String expressions;
    private final Backtracking encoding;
    private final Backtracking decoding;
    private final Library linked;
    private LibraryProcess apart;

    /** @param tree the tokenizer as it is used */
    GuardedLibrary(JsonNode tree, String source) {
        try {
            this.json = Json.STRICT.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        this.source = source;
        List<String> ofText = Backtracking.expressions(tree.path("normalizer"));
        ofText.addAll(Backtracking.expressions(tree.path("pre_tokenizer")));
        if (cutsByItself(tree.path("pre_tokenizer"))) {
            ofText.add(PreTokenizer.GPT2.expression());
        }
        List<String> ofTokens = Backtracking.expressions(tree.path("decoder"));
        this.encoding = Backtracking.of(ofText);
        this.decoding = Backtracking.of(ofTokens);
        this.expressions = Stream.concat(ofText.stream(), ofTokens.stream()).collect(Collectors.joining("  "));
        this.linked = new LinkedLibrary(json, source);
    }

    /** Whether a ByteLevel is among the steps that has an expression of its own. */
    private static boolean cutsByItself(JsonNode step) {
        boolean cuts = step.path("type").asText().equals("ByteLevel") && step.path("use_regex").asBoolean(true);
        for (JsonNode part : step.path("pretokenizers")) {
            cuts |= cutsByItself(part);
        }
        return cuts;
    }

    @Override
    public int[] encode(String text) {
        return encoding.isSafe(text.length()) ? linked.encode(text) : apart(library -> library.encode(text), text);
    }

    @Override
    public int[] starts(String text) {
        return encoding.isSafe(text.length()) ? linked.starts(text) : apart(library -> library.starts(text), text);
    }

    @Override
    public String decode(int[] ids) {
        return decoding.isSafe((long) CHARS_OF_TOKEN * ids.length) ? linked.decode(ids) : apart(library -> library.decode(ids), "tokens "
                + Arrays.toString(ids));
    }

    private synchronized <T> T apart(Function<Library, T> call, String text) {
        if (apart == null) {
            apart = new LibraryProcess(json, source);
        }
        try {
            return call.apply(apart);
        } catch (LibraryProcess.Ended e) {
            apart.close();
            apart = null;
            throw new TokenizerExhausted(source + ": a regular expression of this tokenizer takes too many steps on the text that begins \""
                    + text.substring(0, text.offsetByCodePoints(0, Math.min(20, text.codePointCount(0, text.length())))) + "\" ("
                    + text.length()
                    + " characters), and Hugging Face's library gives up (" + e.getMessage() + "). It has: " + expressions
                    + ". The likely cause is a repetition within a repetition, such as (a+)+; take the row out, or use the tokenizer of "
                    + "another model", e);
        }
    }
}
