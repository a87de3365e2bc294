package io.softq4j.tokens;

import java.util.Arrays;

/**
 * The one way from a prompt and its response to token ids, for training, evaluation and generation alike.
 *
 * <p>Prompt and response are encoded apart, so no token spans the boundary and the prompt of an example is exactly what generation
 * starts from. White space belongs to the side whose template has it: with prompt {@code "...\nAnswer:"} and response
 * {@code " {answer}"} the response begins with its own space. A prompt without tokens becomes a single EOS, as a document begins in
 * GPT-2, so that every response token has a token before it.
 */
public final class Rendering {

    private final Tokenizer tokenizer;

    public Rendering(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The ids generation starts from; at least one. */
    public int[] prompt(String prompt) {
        int[] ids = tokenizer.encode(prompt);
        return ids.length == 0 ? new int[] {tokenizer.eosId()} : ids;
    }

    /** Prompt, response and EOS; the mask is true on the response and on EOS. */
    public Example example(String prompt, String response) {
        int[] before = prompt(prompt);
        int[] after = tokenizer.encode(response);
        int[] ids = Arrays.copyOf(before, before.length + after.length + 1);
        System.arraycopy(after, 0, ids, before.length, after.length);
        ids[ids.length - 1] = tokenizer.eosId();
        boolean[] mask = new boolean[ids.length];
        Arrays.fill(mask, before.length, ids.length, true);
        return new Example(ids, mask);
    }
}
