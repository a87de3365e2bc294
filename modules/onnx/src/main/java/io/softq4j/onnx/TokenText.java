package io.softq4j.onnx;

import java.util.SplittableRandom;

/**
 * Where the rows of a comparison come from: a text's tokens, each row from a place of its own, or random tokens where there is no text.
 *
 * @param ids        of the text, or none
 * @param vocabulary V
 */
record TokenText(int[] ids, int vocabulary) {

    /** A row; the text begins anew at its end. */
    int[] row(SplittableRandom random, int length) {
        if (ids.length == 0) {
            return random.ints(length, 0, vocabulary).toArray();
        }
        int[] row = new int[length];
        int start = random.nextInt(ids.length);
        for (int t = 0; t < length; t++) {
            row[t] = ids[(start + t) % ids.length];
        }
        return row;
    }
}
