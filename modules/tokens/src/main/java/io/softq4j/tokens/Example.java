package io.softq4j.tokens;

import java.util.Arrays;

/**
 * An example is one prompt and response as token ids, with a mask of the scored tokens. Two examples with the same ids and mask are equal.
 *
 * @param ids      token ids of prompt and response; a complete response ends in EOS
 * @param response {@code response[i]} is true where {@code ids[i]} is a scored response token, EOS included
 * @param baseline a number for each position that a model reads of it, which an objective takes from the logits; empty where none is known
 */
public record Example(int[] ids, boolean[] response, float[] baseline) {

    private static final float[] NONE = {};

    public Example {
        if (ids.length != response.length) {
            throw new IllegalArgumentException(ids.length + " ids, " + response.length + " mask values");
        }
    }

    /** Without a baseline. */
    public Example(int[] ids, boolean[] response) {
        this(ids, response, NONE);
    }

    /** The same tokens with a baseline. */
    public Example with(float[] values) {
        return new Example(ids, response, values);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /** Number of scored tokens, EOS included. */
    public int responseTokens() {
        int n = 0;
        for (boolean scored : response) {
            n += scored ? 1 : 0;
        }
        return n;
    }

    /** The first {@code length} tokens; this example if it is no longer than that. */
    public Example cut(int length) {
        return length >= ids.length ? this : new Example(Arrays.copyOf(ids, length), Arrays.copyOf(response, length));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Example e && Arrays.equals(ids, e.ids) && Arrays.equals(response, e.response)
                && Arrays.equals(baseline, e.baseline);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(response);
    }

    @Override
    public String toString() {
        return "Example" + Arrays.toString(ids) + ", " + responseTokens() + " scored";
    }
}
