package io.softq4j.onnx;

import io.softq4j.common.Streams;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a language model reads, B rows of T tokens.
 *
 * @param name      what the rows are, for reports
 * @param ids       {@code [B, T]}
 * @param mask      {@code [B, T]}: 0 padding, else the segment's number
 * @param positions {@code [B, T]}: place within the segment; 1 at padding, as Hugging Face has it
 */
record TokenBatch(String name, int[][] ids, int[][] mask, int[][] positions) {

    int rows() {
        return ids.length;
    }

    int length() {
        return ids[0].length;
    }

    /** Whole rows. */
    static TokenBatch plain(int rows, int length, TokenText text, long seed) {
        return whole(rows + "x" + length, rows, length, text, seed);
    }

    /** Four rows: a whole one, one padded on the right, one padded on the left, one packed from two sequences. T is at least 2. */
    static TokenBatch padded(int length, TokenText text, long seed) {
        TokenBatch batch = whole("4x" + length + " (whole, padded right, padded left, packed)", 4, length, text, seed);
        int pads = Math.max(1, length / 4);
        batch.pad(1, length - pads, length);
        batch.pad(2, 0, pads);
        for (int t = pads; t < length; t++) {
            batch.positions[2][t] = t - pads;
        }
        for (int t = length / 2; t < length; t++) {
            batch.mask[3][t] = 2;
            batch.positions[3][t] = t - length / 2;
        }
        return batch;
    }

    /** Sequences of different lengths, padded on the left to the longest, as for generation. */
    static TokenBatch leftPadded(List<int[]> sequences) {
        int length = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
        TokenBatch batch = empty("padded left", sequences.size(), length);
        for (int row = 0; row < sequences.size(); row++) {
            int[] sequence = sequences.get(row);
            int pads = length - sequence.length;
            batch.pad(row, 0, pads);
            for (int t = pads; t < length; t++) {
                batch.ids[row][t] = sequence[t - pads];
                batch.mask[row][t] = 1;
                batch.positions[row][t] = t - pads;
            }
        }
        return batch;
    }

    private static TokenBatch whole(String name, int rows, int length, TokenText text, long seed) {
        SplittableRandom random = Streams.of("parity of " + name, seed);
        TokenBatch batch = empty(name, rows, length);
        for (int row = 0; row < rows; row++) {
            batch.ids[row] = text.row(random, length);
            Arrays.fill(batch.mask[row], 1);
            Arrays.setAll(batch.positions[row], t -> t);
        }
        return batch;
    }

    private static TokenBatch empty(String name, int rows, int length) {
        return new TokenBatch(name, new int[rows][length], new int[rows][length], new int[rows][length]);
    }

    private void pad(int row, int from, int to) {
        Arrays.fill(ids[row], from, to, 0);
        Arrays.fill(mask[row], from, to, 0);
        Arrays.fill(positions[row], from, to, 1);
    }
}
