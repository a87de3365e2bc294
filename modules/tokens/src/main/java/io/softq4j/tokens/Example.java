package io.softq4j.tokens;

/**
 * One training example.
 *
 * @param ids      token ids of prompt and response; a complete response ends in EOS
 * @param response {@code response[i]} is true where {@code ids[i]} is a scored response token, EOS included
 */
public record Example(int[] ids, boolean[] response) {

    public Example {
        if (ids.length != response.length) {
            throw new IllegalArgumentException(ids.length + " ids, " + response.length + " mask values");
        }
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
