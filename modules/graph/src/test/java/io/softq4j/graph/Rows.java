package io.softq4j.graph;

import java.util.Arrays;

/** Positions 0, 1, ... of sequences of these lengths one after another; a negative length is padding, all at position 0 in segment 0. */
record Rows(int[] positions, int[] segments) {

    static Rows of(int... lengths) {
        int[] positions = new int[Arrays.stream(lengths).map(Math::abs).sum()];
        int[] segments = new int[positions.length];
        int at = 0;
        for (int n = 0; n < lengths.length; n++) {
            for (int i = 0; i < Math.abs(lengths[n]); i++, at++) {
                positions[at] = lengths[n] < 0 ? 0 : i;
                segments[at] = lengths[n] < 0 ? 0 : n + 1;
            }
        }
        return new Rows(positions, segments);
    }
}
