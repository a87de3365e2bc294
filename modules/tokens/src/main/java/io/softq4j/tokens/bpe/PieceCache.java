package io.softq4j.tokens.bpe;

import java.util.Arrays;

/**
 * The ids of pieces seen lately, for any number of threads. A fixed number of places, two for each hash, so it never grows.
 *
 * <p>No locks: a place holds an entry whose fields are final, so whoever reads it sees a whole entry or none (JLS 17.5), and a lost
 * write only costs that a piece is merged again. What {@link #get} gives is always what was put for that very piece.
 */
final class PieceCache {

    private static final int PLACES = 1 << 16;
    /** The longest piece worth a place, in chars. */
    static final int LONGEST = 48;

    private record Entry(char[] piece, int[] ids) {
    }

    private final Entry[] entries = new Entry[PLACES];

    /** The same for the same piece on every machine. */
    static int hash(char[] text, int start, int end) {
        int h = end - start;
        for (int i = start; i < end; i++) {
            h = h * 31 + text[i];
        }
        h *= 0x9E3779B9;
        return h ^ h >>> 15;
    }

    /** The ids of {@code text[start, end)}, or null. */
    int[] get(char[] text, int start, int end, int hash) {
        int place = hash & PLACES - 1;
        Entry entry = entries[place];
        if (entry != null && same(entry.piece, text, start, end)) {
            return entry.ids;
        }
        entry = entries[place ^ 1];
        return entry != null && same(entry.piece, text, start, end) ? entry.ids : null;
    }

    /** The piece before it in the same place moves to the second place; the one there is forgotten. */
    void put(char[] text, int start, int end, int hash, int[] ids) {
        int place = hash & PLACES - 1;
        Entry before = entries[place];
        if (before != null) {
            entries[place ^ 1] = before;
        }
        entries[place] = new Entry(Arrays.copyOfRange(text, start, end), ids);
    }

    private static boolean same(char[] piece, char[] text, int start, int end) {
        if (piece.length != end - start) {
            return false;
        }
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] != text[start + i]) {
                return false;
            }
        }
        return true;
    }
}
