package io.softq4j.objective.softq;

import io.softq4j.objective.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A test sequence: prompt, response, and whether the response ended in EOS (its last token) or was cut off.
 */
record Sequence(int[] ids, int prompt, boolean ended) {

    /** Rows the model reads: all tokens, except an EOS that ends the sequence. */
    int rows() {
        return ended ? ids.length - 1 : ids.length;
    }

    /** One sequence a row, each padded on the right to {@code length}. Padding holds {@code pad} and segment 0. */
    static Batch padded(List<Sequence> sequences, int length, int pad) {
        return packed(sequences.stream().map(List::of).toList(), length, pad);
    }

    /** Several sequences a row. */
    static Batch packed(List<List<Sequence>> rows, int length, int pad) {
        int n = rows.size() * length;
        int[] inputs = filled(n, pad);
        int[] positions = new int[n];
        int[] segments = new int[n];
        int[] targets = filled(n, pad);
        float[] nll = new float[n];
        float[] continues = new float[n];
        Arrays.fill(continues, 1);
        for (int row = 0; row < rows.size(); row++) {
            int at = row * length;
            int segment = 1;
            for (Sequence s : rows.get(row)) {
                for (int i = 0; i < s.rows(); i++) {
                    inputs[at + i] = s.ids[i];
                    positions[at + i] = i;
                    segments[at + i] = segment;
                    if (i + 1 < s.ids.length) {
                        targets[at + i] = s.ids[i + 1];
                        nll[at + i] = i + 1 >= s.prompt ? 1 : 0;
                        continues[at + i] = s.ended && i + 2 == s.ids.length ? 0 : 1;
                    }
                }
                at += s.rows();
                segment++;
            }
        }
        return new Batch(rows.size(), length, inputs, positions, segments, targets, nll, nll.clone(), continues);
    }

    private static int[] filled(int n, int value) {
        int[] a = new int[n];
        Arrays.fill(a, value);
        return a;
    }

    /** The example sequences of the tests: uneven lengths, one cut off, one with a one-token response. */
    static List<Sequence> samples() {
        List<Sequence> s = new ArrayList<>();
        s.add(new Sequence(new int[] {3, 1, 4, 1, 5, 9, 2, 0}, 3, true));
        s.add(new Sequence(new int[] {6, 5, 3, 5}, 1, false));
        s.add(new Sequence(new int[] {8, 9, 7, 9, 0}, 4, true));
        return s;
    }
}
