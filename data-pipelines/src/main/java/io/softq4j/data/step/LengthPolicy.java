package io.softq4j.data.step;

import io.softq4j.tokens.Example;
import java.util.Arrays;
import java.util.OptionalInt;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What becomes of examples by their length in tokens, EOS included.
 *
 * @param minLength      shorter ones are left out
 * @param maxLength      of the longest example in the store
 * @param overLength     what happens to a longer one
 * @param truncationMode which of its tokens stay, if it is cut
 */
public record LengthPolicy(@JsonProperty("minLength") int minLength, @JsonProperty("maxLength") int maxLength,
                           @JsonProperty("overLength") OverLength overLength, @JsonProperty("truncationMode") TruncationMode truncationMode) {

    /**
     * {@code example} without what is too much.
     *
     * @param bosId the id that begins a text, which stays where the beginning goes
     */
    Example cut(Example example, OptionalInt bosId) {
        return truncationMode == TruncationMode.KEEP_START ? example.cut(maxLength) : keepEnd(example, bosId);
    }

    /** The last tokens, behind BOS if that stood in front. The first of them is not scored: nothing stands before it to predict it from. */
    private Example keepEnd(Example example, OptionalInt bosId) {
        int off = example.length() - maxLength;
        int[] ids = Arrays.copyOfRange(example.ids(), off, example.length());
        boolean[] response = Arrays.copyOfRange(example.response(), off, example.length());
        response[0] = false;
        if (bosId.isPresent() && example.ids()[0] == bosId.getAsInt()) {
            ids[0] = bosId.getAsInt();
        }
        return new Example(ids, response);
    }
}
