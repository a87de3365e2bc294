package io.softq4j.tokens;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * Ids of a text that goes on after other text, by a tokenizer whose ids of a text depend on what stands before it: a SentencePiece model
 * puts a space in front of a text, WordPiece marks the middle of a word. The text is encoded together with the end of what stands before
 * it, from a place on from which that has the same ids alone; those ids are then taken off. If the two run into each other wherever one
 * begins, so that the ids of the first are not how those of both begin, they are encoded apart: the text behind an anchor, a short text
 * that keeps its own tokens.
 */
public final class Continuation {

    /** A text to encode behind, and its ids. */
    private record Left(String text, int[] ids) {
    }

    private static final List<String> CANDIDATES = List.of("\n", ".", "0", "x", "(", "\u4E2D");
    private static final String PROBE = "a";
    private static final int MOST_KNOWN = 1000;
    private static final int LONGEST_KNOWN = 100;

    private final Function<String, int[]> encode;
    private final Function<String, int[]> starts;
    private final Set<Integer> added;
    private final Function<Integer, String> spelling;
    private final List<Left> anchors;
    private final Map<String, Left> known = new ConcurrentHashMap<>();

    /**
     * Looks for anchors.
     *
     * @param encode       a text to its ids
     * @param starts       a text to the index of the first char of each token
     * @param added        ids of the added tokens, which are found before anything else is done
     * @param spelling     of a token
     * @param spaceInFront whether the tokenizer puts a space in front of a text
     */
    public Continuation(Function<String, int[]> encode, Function<String, int[]> starts, Set<Integer> added,
            Function<Integer, String> spelling,
                 boolean spaceInFront) {
        this.encode = encode;
        this.starts = starts;
        this.added = added;
        this.spelling = spelling;
        List<Left> usable = spaceInFront ? anchors(encode) : List.of();
        this.anchors = usable.isEmpty() ? List.of(new Left("", new int[0])) : usable;
    }

    /** The anchors that work: those behind which a letter is not what it is alone. */
    private static List<Left> anchors(Function<String, int[]> encode) {
        int[] alone = encode.apply(PROBE);
        return CANDIDATES.stream().map(anchor -> new Left(anchor, encode.apply(anchor))).filter(anchor -> {
            int[] both = encode.apply(anchor.text + PROBE);
            return anchor.ids.length > 0 && begins(both, anchor.ids) && both.length > anchor.ids.length
                    && !Arrays.equals(alone, Arrays.copyOfRange(both, anchor.ids.length, both.length));
        }).toList();
    }

    /**
     * Ids of {@code text} where it goes on after {@code before}, whose ids stay what they are.
     *
     * @param ids of {@code before}
     */
    public Encoding encode(String before, int[] ids, String text) {
        for (Left left : before.isEmpty() ? List.of(new Left("", new int[0])) : lefts(before, ids)) {
            int[] both = encode.apply(left.text + text);
            if (begins(both, left.ids)) {
                int from = left.ids.length;
                IntUnaryOperator beginning = end -> beginning(left.text + text, both, left.text.length() + end) - from;
                return new Encoding(from == 0 ? both : Arrays.copyOfRange(both, from, both.length), beginning);
            }
        }
        throw new UserError("the text that begins \"" + text.substring(0, Math.min(20, text.length()))
                + "\" cannot be encoded where it goes on "
                + "after other text: its tokens run into each of " + anchors.stream().map(Left::text).toList()
                + " before it. The tokenizer has tokens "
                + "that span words and signs; let the text begin with a space or a line end");
    }

    /** What to encode behind, in the order it is tried: what is short first. */
    private List<Left> lefts(String before, int[] ids) {
        List<Left> lefts = new ArrayList<>();
        int word = lastWord(before);
        int token = lastAdded(before, ids);
        for (int from : new int[] {Math.max(word, token), Math.min(word, token)}) {
            if (from > 0 && lefts.isEmpty()) {
                Left left = left(before.substring(from));
                if (ends(ids, left.ids)) {
                    lefts.add(left);
                }
            }
        }
        if (lefts.isEmpty()) {
            lefts.add(new Left(before, ids));
        }
        lefts.addAll(anchors);
        return lefts;
    }

    /** Prompts of one template end alike. */
    private Left left(String text) {
        Left left = known.get(text);
        if (left == null) {
            left = new Left(text, encode.apply(text));
            if (text.length() <= LONGEST_KNOWN && known.size() < MOST_KNOWN) {
                known.put(text, left);
            }
        }
        return left;
    }

    /** Where the last word begins, with the space before it; 0 if there is none. */
    private static int lastWord(String before) {
        int at = before.length() - 1;
        while (at > 0 && (before.charAt(at) != ' ' || at == before.length() - 1 || before.charAt(at + 1) == ' '
                || before.charAt(at - 1) == ' ')) {
            at--;
        }
        return Math.max(0, at);
    }

    private int lastAdded(String before, int[] ids) {
        for (int i = ids.length - 1; i >= 0; i--) {
            if (added.contains(ids[i])) {
                return Math.max(0, before.lastIndexOf(spelling.apply(ids[i])));
            }
        }
        return 0;
    }

    /**
     * How many of the ids of a text begin before {@code end}: those up to the added token that ends there, or those that the text before it
     * has alone; if a token reaches over it, by their offsets.
     */
    private int beginning(String text, int[] ids, int end) {
        for (int id : ids) {
            if (added.contains(id) && text.startsWith(spelling.apply(id), end - spelling.apply(id).length())) {
                int whole = occurrences(text, spelling.apply(id), text.length());
                int n = occurrences(text, spelling.apply(id), end);
                if (Arrays.stream(ids).filter(other -> other == id).count() == whole) {
                    return indexOf(ids, id, n) + 1;
                }
            }
        }
        int[] alone = encode.apply(text.substring(0, end));
        if (begins(ids, alone)) {
            return alone.length;
        }
        int[] at = starts.apply(text);
        int n = 0;
        while (n < at.length && at[n] < end) {
            n++;
        }
        return n;
    }

    private static int occurrences(String text, String part, int end) {
        int n = 0;
        for (int at = text.indexOf(part); at >= 0 && at + part.length() <= end; at = text.indexOf(part, at + part.length())) {
            n++;
        }
        return n;
    }

    private static int indexOf(int[] ids, int id, int nth) {
        int at = -1;
        for (int n = 0; n < nth; n++) {
            do {
                at++;
            } while (ids[at] != id);
        }
        return at;
    }

    private static boolean begins(int[] ids, int[] beginning) {
        return ids.length >= beginning.length && Arrays.equals(ids, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static boolean ends(int[] ids, int[] end) {
        return ids.length >= end.length && Arrays.equals(ids, ids.length - end.length, ids.length, end, 0, end.length);
    }
}
