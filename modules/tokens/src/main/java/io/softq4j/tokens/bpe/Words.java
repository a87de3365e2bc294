package io.softq4j.tokens.bpe;

import io.softq4j.common.UserError;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Distinct pieces as tokens, one behind the other in one array.
 *
 * @param tokens  of all pieces
 * @param starts  where each piece starts; one more than there are pieces
 * @param lengths number of tokens of each piece; it may fall below what lies between two starts
 * @param counts  how often each piece occurs
 */
record Words(int[] tokens, int[] starts, int[] lengths, long[] counts) {

    /** Each piece as its bytes. */
    static Words of(List<PieceCounts> parts, int[] idOfByte) {
        int pieces = Math.toIntExact(parts.stream().mapToLong(PieceCounts::size).sum());
        long bytes = parts.stream().mapToLong(PieceCounts::utf8Length).sum();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new UserError("the distinct pieces of the corpus have " + bytes + " bytes in all, at most " + (Integer.MAX_VALUE - 8)
                    + " can be trained on. The likely cause is text without spaces, such as base64; take it out, or train on a part of "
                    + "the corpus");
        }
        Words words = new Words(new int[(int) bytes], new int[pieces + 1], new int[pieces], new long[pieces]);
        int[] n = {0};
        for (PieceCounts part : parts) {
            part.forEach((text, start, end, count) -> {
                int w = n[0]++;
                int at = words.starts[w];
                for (byte b : new String(text, start, end - start).getBytes(StandardCharsets.UTF_8)) {
                    words.tokens[at++] = idOfByte[b & 0xFF];
                }
                words.starts[w + 1] = at;
                words.lengths[w] = at - words.starts[w];
                words.counts[w] = count;
            });
        }
        return words;
    }

    /** Number of pieces. */
    int size() {
        return counts.length;
    }
}
