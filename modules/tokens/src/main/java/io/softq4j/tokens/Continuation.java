package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Ids of a text that goes on after other text, by a tokenizer that puts a space in front of whatever it encodes: encode the text behind
 * an anchor, a short text that keeps its own tokens, and take the anchor's ids off.
 *
 * @param anchors tried in this order; where the text melts into one, the next is used
 */
record Continuation(List<String> anchors) {

    /** For a tokenizer that needs nothing of the sort. */
    static final Continuation SAME = new Continuation(List.of());

    private static final List<String> CANDIDATES = List.of("\n", ".", "0", "x", "(", "\u4E2D");
    private static final String PROBE = "a";

    /** The anchors that work for {@code encode}: those behind which a letter is not what it is alone. */
    static Continuation of(Function<String, int[]> encode) {
        int[] alone = encode.apply(PROBE);
        return new Continuation(CANDIDATES.stream().filter(anchor -> {
            int[] before = encode.apply(anchor);
            int[] both = encode.apply(anchor + PROBE);
            return before.length > 0 && begins(both, before) && both.length > before.length
                    && !Arrays.equals(alone, Arrays.copyOfRange(both, before.length, both.length));
        }).toList());
    }

    int[] encode(String text, Function<String, int[]> encode) {
        if (anchors.isEmpty() || text.isEmpty()) {
            return encode.apply(text);
        }
        for (String anchor : anchors) {
            int[] before = encode.apply(anchor);
            int[] both = encode.apply(anchor + text);
            if (begins(both, before)) {
                return Arrays.copyOfRange(both, before.length, both.length);
            }
        }
        throw new UserError("the text that begins \"" + text.substring(0, Math.min(20, text.length())) + "\" cannot be encoded where it goes on "
                + "after other text: its tokens run into each of " + anchors + " before it. The tokenizer has tokens that span words and signs; "
                + "let the text begin with a space or a line end");
    }

    private static boolean begins(int[] ids, int[] beginning) {
        return ids.length >= beginning.length && Arrays.equals(ids, 0, beginning.length, beginning, 0, beginning.length);
    }
}
