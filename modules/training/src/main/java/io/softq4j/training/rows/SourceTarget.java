package io.softq4j.training.rows;

import io.softq4j.model.EncoderDecoderTokens;
import io.softq4j.tokens.Example;
import java.util.Arrays;

/**
 * An example as a model of encoder and decoder reads it (Raffel et al. 2020, arXiv 1910.10683, section 2.1): what stands before the first scored
 * token goes to the encoder, and its end; the decoder begins with a token of its own and goes on with the response.
 *
 * @param source ids the encoder reads
 * @param cut    whether the source is longer than it may be, and what stands before its end left out
 * @param target what the decoder reads and learns
 */
record SourceTarget(int[] source, boolean cut, Example target) {

    /** @param longest of the source, its end included */
    static SourceTarget of(Example example, int longest, EncoderDecoderTokens tokens) {
        int first = 0;
        while (first < example.length() && !example.response()[first]) {
            first++;
        }
        int[] whole = tokens.source(Arrays.copyOf(example.ids(), first));
        int[] source = whole.length <= longest ? whole : tokens.source(Arrays.copyOf(whole, longest - 1));
        int[] ids = new int[1 + example.length() - first];
        boolean[] response = new boolean[ids.length];
        ids[0] = tokens.decoderStart();
        System.arraycopy(example.ids(), first, ids, 1, ids.length - 1);
        System.arraycopy(example.response(), first, response, 1, ids.length - 1);
        return new SourceTarget(source, source != whole, new Example(ids, response));
    }
}
