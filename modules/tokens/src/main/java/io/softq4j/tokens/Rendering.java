package io.softq4j.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A rendering converts a prompt and its response to token ids, in the same way for training, evaluation and generation.
 *
 * <p>A text is encoded as a whole and then cut into its segments. A token that reaches over the end of a segment belongs to the segment it
 * begins in, since that is where it has to be predicted. One kind of seam is never crossed: that between a prompt and its answer. Where the
 * tokens of the prompt alone are not how the whole begins, as with {@code "x "} and {@code "y"} if {@code " y"} is a token, the text is
 * encoded apart there. So the ids of an example up to the answer of any turn are exactly those generation starts from, turn by turn.
 *
 * <p>White space belongs to the side whose template has it: with prompt {@code "...\nAnswer:"} and response {@code " {answer}"} the
 * response begins with its own space.
 *
 * <p>Every scored token has a token before it: a text that begins with none to condition on gets the BOS of the tokenizer in front, else
 * a single EOS, as a document begins in GPT-2. A tokenizer whose {@link Tokenizer#bosId() BOS} must stand in front of a text gets it
 * once, also where the text spells it already.
 */
public final class Rendering {

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
        return prompt(List.of(new Segment(prompt, false)));
    }

    /** The ids generation starts from, of a prompt that holds earlier turns; at least one. */
    public int[] prompt(List<Segment> segments) {
        return example(segments, false).ids();
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
        Parts parts = new Parts();
        for (int from = 0; from < segments.size(); ) {
            int to = from + 1;
            while (to < segments.size() && !segments.get(to).answers()) {
                to++;
            }
            parts.add(segments.subList(from, to));
            from = to;
        }
        int[] ids = parts.ids;
        boolean[] mask = parts.mask;
        if (endWithEos) {
            ids = Arrays.copyOf(ids, ids.length + 1);
            mask = Arrays.copyOf(mask, ids.length);
            ids[ids.length - 1] = tokenizer.eosId();
            mask[ids.length - 1] = true;
        }
        return begun(ids, mask);
    }

    /** What is encoded so far. */
    private final class Parts {

        private final StringBuilder text = new StringBuilder();
        private int[] ids = {};
        private boolean[] mask = {};

        /** Adds an answer with all up to the next one, or what stands before the first. */
        void add(List<Segment> segments) {
            int length = 0;
            String more = segments.size() == 1 ? segments.get(0).text() : segments.stream().map(Segment::text)
                    .collect(Collectors.joining());
            if (more.isEmpty()) {
                return;
            }
            Encoding encoding = tokenizer.encodeAfter(text, ids, more);
            int at = ids.length;
            ids = Arrays.copyOf(ids, at + encoding.ids().length);
            mask = Arrays.copyOf(mask, ids.length);
            System.arraycopy(encoding.ids(), 0, ids, at, encoding.ids().length);
            int begun = at;
            for (int i = 0; i < segments.size(); i++) {
                length += segments.get(i).text().length();
                int end = i == segments.size() - 1 ? ids.length : at + encoding.before().applyAsInt(length);
                Arrays.fill(mask, begun, end, segments.get(i).scored());
                begun = end;
            }
            text.append(more);
        }
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
