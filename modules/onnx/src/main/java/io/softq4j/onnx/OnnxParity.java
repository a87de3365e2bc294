package io.softq4j.onnx;

import io.softq4j.model.ModelGraph;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gate: onnxruntime on the exported file against the graph in this JVM, with the same weights.
 *
 * <p>Logits of two batch sizes and two lengths, with padding on both sides and packed rows, then greedy continuations where both sides read the
 * prefix the graph chose. Padding positions are not compared: nobody reads them.
 */
public final class OnnxParity {

    private static final int SHORT = 7;
    private static final int LONG = 16;
    private static final int GREEDY_STEPS = 4;

    private final int vocabulary;
    private final double tolerance;

    private OnnxParity(int vocabulary, double tolerance) {
        this.vocabulary = vocabulary;
        this.tolerance = tolerance;
    }

    /**
     * Compares.
     *
     * @param file      the exported model
     * @param reference the graph with the trained weights, fused or not
     * @param maxLength longest sequence the model can read, at least 2
     * @param tolerance largest absolute difference that passes
     * @throws io.softq4j.common.UserError if onnxruntime cannot load or run the file
     */
    public static ParityReport check(Path file, ModelGraph reference, int maxLength, double tolerance) {
        try (PlanScorer graph = new PlanScorer(reference); OnnxScorer onnx = new OnnxScorer(file)) {
            return new OnnxParity(reference.vocabulary(), tolerance).check(graph, onnx, maxLength);
        }
    }

    private ParityReport check(Scorer graph, Scorer onnx, int maxLength) {
        int longest = Math.min(LONG, maxLength);
        List<ParityReport.Case> cases = new ArrayList<>();
        TokenBatch plain = TokenBatch.plain(1, Math.min(SHORT, longest - 1), vocabulary, 1);
        for (TokenBatch batch : List.of(plain, TokenBatch.padded(longest, vocabulary, 2))) {
            cases.add(compare(batch, graph.logits(batch), onnx.logits(batch)));
        }
        return new ParityReport(OnnxScorer.runtime(), tolerance, cases, greedy(graph, onnx, longest));
    }

    private ParityReport.Case compare(TokenBatch batch, FloatBuffer expected, FloatBuffer actual) {
        if (expected.remaining() != actual.remaining()) {
            throw new IllegalStateException("the graph gives " + expected.remaining() + " logits, the ONNX file " + actual.remaining());
        }
        ParityReport.Case worst = new ParityReport.Case(batch.name(), 0, 0, 0, 0);
        for (int row = 0; row < batch.rows(); row++) {
            for (int t = 0; t < batch.length(); t++) {
                int start = (row * batch.length() + t) * vocabulary;
                for (int token = 0; batch.mask()[row][t] != 0 && token < vocabulary; token++) {
                    double difference = Math.abs((double) expected.get(start + token) - actual.get(start + token));
                    if (Double.isNaN(difference)) {
                        return new ParityReport.Case(batch.name(), Double.NaN, row, t, token);
                    }
                    if (difference > worst.maxDifference()) {
                        worst = new ParityReport.Case(batch.name(), difference, row, t, token);
                    }
                }
            }
        }
        return worst;
    }

    private ParityReport.Greedy greedy(Scorer graph, Scorer onnx, int longest) {
        int prompt = Math.max(1, longest - GREEDY_STEPS);
        List<int[]> sequences = new ArrayList<>();
        sequences.add(TokenBatch.plain(1, prompt, vocabulary, 3).ids()[0]);
        sequences.add(TokenBatch.plain(1, Math.max(1, prompt / 2), vocabulary, 4).ids()[0]);
        List<List<Integer>> expected = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<Integer>> actual = List.of(new ArrayList<>(), new ArrayList<>());
        boolean agree = true;
        for (int length = prompt; length < longest; length++) {
            TokenBatch batch = TokenBatch.leftPadded(sequences);
            FloatBuffer wanted = graph.logits(batch);
            FloatBuffer got = onnx.logits(batch);
            for (int row = 0; row < sequences.size(); row++) {
                int start = ((row + 1) * length - 1) * vocabulary; // the last position of the row
                int best = argmax(wanted, start);
                int chosen = argmax(got, start);
                agree &= best == chosen || wanted.get(start + best) - wanted.get(start + chosen) <= 2 * tolerance;
                expected.get(row).add(best);
                actual.get(row).add(chosen);
                int[] longer = Arrays.copyOf(sequences.get(row), sequences.get(row).length + 1);
                longer[longer.length - 1] = best;
                sequences.set(row, longer);
            }
        }
        return new ParityReport.Greedy(expected, actual, agree);
    }

    private int argmax(FloatBuffer logits, int start) {
        int best = 0;
        for (int token = 1; token < vocabulary; token++) {
            if (logits.get(start + token) > logits.get(start + best)) {
                best = token;
            }
        }
        return best;
    }
}
