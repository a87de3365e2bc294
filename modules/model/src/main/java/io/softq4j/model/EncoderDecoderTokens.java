package io.softq4j.model;

import java.util.Arrays;

/**
 * The tokens a model of encoder and decoder adds to texts.
 *
 * @param sourceEnd    closes what the encoder reads
 * @param decoderStart what the decoder begins with
 * @param pad          fills rows
 */
public record EncoderDecoderTokens(int sourceEnd, int decoderStart, int pad) {

    /** What the encoder reads of a prompt, in training as in use: the prompt and its end, which may stand there already. */
    public int[] source(int[] prompt) {
        if (prompt.length > 0 && prompt[prompt.length - 1] == sourceEnd) {
            return prompt.clone();
        }
        int[] source = Arrays.copyOf(prompt, prompt.length + 1);
        source[prompt.length] = sourceEnd;
        return source;
    }
}
