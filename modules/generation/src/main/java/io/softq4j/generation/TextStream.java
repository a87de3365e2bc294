package io.softq4j.generation;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Text of a growing sequence, whole characters at a time. A character's bytes may lie in several tokens, and what a token adds may depend
 * on whether there is one before it (SentencePiece drops the space a text begins with): so a token is decoded behind the tokens before it,
 * whose text is taken off again, and held back while the text ends in U+FFFD, as incomplete bytes do.
 */
final class TextStream {

    /** Tokens of the prompt to decode with the first new one: the last may be special, and have no text. */
    private static final int CONTEXT = 4;

    private static final char INCOMPLETE = '\uFFFD';

    private final Function<int[], String> decode;
    private int from;
    private int read;

    /** @param begun how many ids are there before the first whose text is wanted */
    TextStream(Function<int[], String> decode, int begun) {
        this.decode = decode;
        this.from = Math.max(0, begun - CONTEXT);
        this.read = begun;
    }

    private TextStream(TextStream other) {
        this.decode = other.decode;
        this.from = other.from;
        this.read = other.read;
    }

    TextStream copy() {
        return new TextStream(this);
    }

    /** The text since it was last asked for that is certain by now. */
    String next(int[] ids, int length) {
        String more = rest(ids, length);
        if (more.isEmpty() || more.charAt(more.length() - 1) == INCOMPLETE) {
            return "";
        }
        from = read;
        read = length;
        return more;
    }

    /** All text since then, as there will be no more tokens. */
    String rest(int[] ids, int length) {
        String before = decode.apply(Arrays.copyOfRange(ids, from, read));
        String all = decode.apply(Arrays.copyOfRange(ids, from, length));
        return all.substring(Math.min(before.length(), all.length()));
    }
}
