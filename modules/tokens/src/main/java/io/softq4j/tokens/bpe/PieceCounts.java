package io.softq4j.tokens.bpe;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often each distinct piece of text occurs. The pieces lie one behind the other in one array, and an open hash table points into it:
 * about 20 bytes and the piece itself, with no object for each.
 */
final class PieceCounts {

    /** Receives a piece, {@code text[start, end)}, and how often it occurs. */
    @FunctionalInterface
    interface Visitor {
        void piece(char[] text, int start, int end, long count);
    }

    private char[] text = new char[1 << 10];
    /** Where each piece starts; one more than there are pieces. */
    private int[] starts = new int[1 << 7];
    private long[] counts = new long[1 << 7];
    private int size;
    /** Piece plus one, or 0. */
    private int[] table = new int[1 << 8];

    /** Number of distinct pieces. */
    int size() {
        return size;
    }

    void add(char[] from, int start, int end, long count) {
        int slot = PieceCache.hash(from, start, end) & table.length - 1;
        while (table[slot] != 0) {
            int piece = table[slot] - 1;
            if (Arrays.equals(text, starts[piece], starts[piece + 1], from, start, end)) {
                counts[piece] += count;
                return;
            }
            slot = slot + 1 & table.length - 1;
        }
        int used = starts[size];
        int needed = Math.addExact(used, end - start);
        if (needed > text.length) {
            text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * text.length)));
        }
        System.arraycopy(from, start, text, used, end - start);
        if (size + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        counts[size] = count;
        starts[++size] = needed;
        table[slot] = size;
        if (2 * size > table.length) {
            rehash();
        }
    }

    private void rehash() {
        table = new int[2 * table.length];
        for (int piece = 0; piece < size; piece++) {
            int slot = PieceCache.hash(text, starts[piece], starts[piece + 1]) & table.length - 1;
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = piece + 1;
        }
    }

    /** Bytes of all pieces in UTF-8. */
    long utf8Length() {
        long bytes = 0;
        for (int i = 0; i < starts[size]; i++) {
            char c = text[i];
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;   // two surrogates are four bytes
        }
        return bytes;
    }

    void forEach(Visitor visitor) {
        for (int piece = 0; piece < size; piece++) {
            visitor.piece(text, starts[piece], starts[piece + 1], counts[piece]);
        }
    }

    /** Number of distinct pieces that occur more than {@code count} times. */
    long countAbove(long count) {
        return Arrays.stream(counts, 0, size).filter(n -> n > count).count();
    }

    /** The pieces that occur more than {@code count} times. */
    PieceCounts above(long count) {
        PieceCounts kept = new PieceCounts();
        IntStream.range(0, size).filter(piece -> counts[piece] > count)
                .forEach(piece -> kept.add(text, starts[piece], starts[piece + 1], counts[piece]));
        return kept;
    }
}
