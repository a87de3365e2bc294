package io.softq4j.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The one way from a prompt and its response to token ids, for training, evaluation and generation alike.
 *
 * <p>Each segment is encoded apart, so no token spans a boundary and the prompt of an example is exactly what generation starts from.
 * White space belongs to the side whose template has it: with prompt {@code "...\nAnswer:"} and response {@code " {answer}"} the
 * response begins with its own space.
 *
 * <p>Every scored token has a token before it: a text that begins with none to condition on gets the BOS of the tokenizer in front, else
 * a single EOS, as a document begins in GPT-2. A tokenizer whose {@link Tokenizer#bosId() BOS} must stand in front of a text gets it
 * once, also where the text spells it already.
 */
public final class Rendering {

    private static final int[] NONE = {};

    private final Tokenizer tokenizer;
    /** Whether BOS stands in front of a text that does not spell it. */
    private final boolean putsBos;

    /** Of text as it is. */
    public Rendering(Tokenizer tokenizer) {
        this(tokenizer, true);
    }

    private Rendering(Tokenizer tokenizer, boolean putsBos) {
        this.tokenizer = tokenizer;
        this.putsBos = putsBos;
    }

    /** Of text that a chat template wrote: BOS is the template's affair, none is put in front. */
    public static Rendering ofChat(Tokenizer tokenizer) {
        return new Rendering(tokenizer, false);
    }

    /** The ids generation starts from; at least one. */
    public int[] prompt(String prompt) {
        return example(List.of(new Segment(prompt, false)), false).ids();
    }

    /** Prompt, response and EOS; the mask is true on the response and on EOS. */
    public Example example(String prompt, String response) {
        return example(List.of(new Segment(prompt, false), new Segment(response, true)), true);
    }

    /**
     * The segments one after the other; the mask is true on those that are scored.
     *
     * @param endWithEos whether a scored EOS follows the last
     */
    public Example example(List<Segment> segments, boolean endWithEos) {
        int[][] parts = new int[segments.size()][];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            String text = segments.get(i).text();
            parts[i] = text.isEmpty() ? NONE : length == 0 ? tokenizer.encode(text) : tokenizer.encodeContinuation(text);
            length += parts[i].length;
        }
        int[] ids = new int[length + (endWithEos ? 1 : 0)];
        boolean[] mask = new boolean[ids.length];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, ids, at, parts[i].length);
            Arrays.fill(mask, at, at + parts[i].length, segments.get(i).scored());
            at += parts[i].length;
        }
        if (endWithEos) {
            ids[at] = tokenizer.eosId();
            mask[at] = true;
        }
        return begun(ids, mask);
    }

    private Example begun(int[] ids, boolean[] mask) {
        OptionalInt bos = tokenizer.bosId();
        if (ids.length > 0 && bos.isPresent() && ids[0] == bos.getAsInt()) {
            mask[0] = false;   // nothing stands before it to predict it from
            return new Example(ids, mask);
        }
        boolean needsContext = ids.length == 0 || mask[0];
        if (!needsContext && (!putsBos || bos.isEmpty())) {
            return new Example(ids, mask);
        }
        int[] longer = new int[ids.length + 1];
        boolean[] longerMask = new boolean[ids.length + 1];
        longer[0] = bos.orElse(tokenizer.eosId());
        System.arraycopy(ids, 0, longer, 1, ids.length);
        System.arraycopy(mask, 0, longerMask, 1, ids.length);
        return new Example(longer, longerMask);
    }
}
