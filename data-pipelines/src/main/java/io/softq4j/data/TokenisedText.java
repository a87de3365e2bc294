package io.softq4j.data;

import io.softq4j.tokens.Example;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An example as people read it.
 *
 * @param tokens in order
 */
public record TokenisedText(List<Token> tokens) {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int LONGEST_CHARACTER = 8;

    /**
     * A token.
     *
     * @param id     in the vocabulary
     * @param text   what it spells, a byte that is no whole character as {@code <0xE2>}
     * @param shown  the same in running text: a character of several tokens stands at the first of them
     * @param scored whether the model learns to write it
     */
    public record Token(int id, String text, String shown, boolean scored) {
    }

    public TokenisedText {
        tokens = List.copyOf(tokens);
    }

    public static TokenisedText of(Example example, Tokenizer tokenizer) {
        List<Token> tokens = new ArrayList<>(example.length());
        int[] ids = example.ids();
        for (int i = 0; i < ids.length; ) {
            int end = endOfCharacters(ids, i, tokenizer);
            String shown = end == i + 1 ? tokenizer.tokenText(ids[i]) : tokenizer.decode(Arrays.copyOfRange(ids, i, end));
            for (int k = i; k < end; k++) {
                tokens.add(new Token(ids[k], tokenizer.tokenText(ids[k]), k == i ? shown : "", example.response()[k]));
            }
            i = end;
        }
        return new TokenisedText(tokens);
    }

    /** Where the tokens end that make whole characters with the one at {@code from}; behind it, if none do. */
    private static int endOfCharacters(int[] ids, int from, Tokenizer tokenizer) {
        if (tokenizer.decode(new int[] {ids[from]}).indexOf(REPLACEMENT) < 0) {
            return from + 1;
        }
        for (int end = from + 2; end <= Math.min(ids.length, from + LONGEST_CHARACTER); end++) {
            if (tokenizer.decode(Arrays.copyOfRange(ids, from, end)).indexOf(REPLACEMENT) < 0) {
                return end;
            }
        }
        return from + 1;
    }
}
