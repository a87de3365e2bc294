package io.softq4j.benchmark;

/**
 * What decoding gave.
 *
 * @param seconds the whole of it, prompts included
 * @param ids     {@code [rows, new tokens]}
 */
record Decoded(double seconds, int[][] ids) {

    /** Share of the tokens that are the same in {@code other}. */
    double agreement(Decoded other) {
        int same = 0;
        int all = 0;
        for (int row = 0; row < ids.length; row++) {
            for (int t = 0; t < ids[row].length; t++) {
                same += ids[row][t] == other.ids[row][t] ? 1 : 0;
                all++;
            }
        }
        return (double) same / all;
    }
}
