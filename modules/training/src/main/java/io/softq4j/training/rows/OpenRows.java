package io.softq4j.training.rows;

import java.util.Arrays;

/**
 * Rows by the room they have left. Rows with the same room are a stack. Which rooms occur is a set of bits, with a bit above for each word of 64 that
 * is not empty, and so on up to a single word: the next room that occurs is found in a few steps, whatever the length of a row.
 */
final class OpenRows {

    /** No row has so much room. */
    static final int NONE = -1;

    private final int[] top;       // by room: the row put in last
    private int[] below;           // by row: the row under it
    private final long[][] levels; // levels[0]: a bit a room

    /** No rows; those that come have {@code maxRoom} at most. */
    OpenRows(int maxRoom) {
        top = new int[maxRoom + 1];
        Arrays.fill(top, NONE);
        below = new int[64];
        int depth = 1;
        for (int words = maxRoom >> 6; words > 0; words >>= 6) {
            depth++;
        }
        levels = new long[depth][];
        int bits = maxRoom + 1;
        for (int level = 0; level < depth; level++) {
            bits = (bits + 63) >> 6;
            levels[level] = new long[bits];
        }
    }

    /** Adds {@code row}, which has {@code room} left. */
    void put(int row, int room) {
        below = row < below.length ? below : Arrays.copyOf(below, Packing.grown(row));
        below[row] = top[room];
        top[room] = row;
        int at = room;
        for (long[] level : levels) {
            level[at >> 6] |= 1L << at;
            at >>= 6;
        }
    }

    /** The least room of a row that holds {@code length} positions, or {@link #NONE}. */
    int leastRoom(int length) {
        int from = length;
        for (int level = 0; level < levels.length && from >> 6 < levels[level].length; level++) {
            long found = levels[level][from >> 6] & -1L << from;
            if (found != 0) {
                int at = (from & -64) + Long.numberOfTrailingZeros(found);
                for (int down = level - 1; down >= 0; down--) {
                    at = (at << 6) + Long.numberOfTrailingZeros(levels[down][at]);
                }
                return at;
            }
            from = (from >> 6) + 1;
        }
        return NONE;
    }

    /** Removes and returns the row that was put in last of those with {@code room}, of which there must be one. */
    int take(int room) {
        int row = top[room];
        top[room] = below[row];
        int at = room;
        for (int level = 0; top[room] == NONE && level < levels.length; level++) {
            levels[level][at >> 6] &= ~(1L << at);
            if (levels[level][at >> 6] != 0) {
                break;
            }
            at >>= 6;
        }
        return row;
    }
}
