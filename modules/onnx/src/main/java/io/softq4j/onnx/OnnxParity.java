package io.softq4j.onnx;

import io.softq4j.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gate: onnxruntime on the exported file against the graph in this JVM, with the same weights.
 *
 * <p>The tensors of the file are compared bit for bit. Then logits of two batches and lengths, with padding on both sides and packed rows,
 * and greedy continuations where both sides read the prefix the graph chose; padding positions are not compared: nobody reads them. How far
 * logits may be apart is measured on the same batches: {@code tolerance} times what rounding does to the graph's own logits,
 * {@link LowestBits}, or times the last bit of the largest of them where that is more. KL divergences may be the square of that many times
 * as large as those of rounding.
 */
public final class OnnxParity {

    private static final int SHORT = 7;
    private static final int LONG = 16;
    private static final int GREEDY_STEPS = 4;
    private static final double LAST_BIT = Math.scalb(1.0, -23);

    private final int vocabulary;
    private final TokenText text;
    private final double tolerance;

    private OnnxParity(int vocabulary, TokenText text, double tolerance) {
        this.vocabulary = vocabulary;
        this.text = text;
        this.tolerance = tolerance;
    }

    /**
     * Compares.
     *
     * @param file      the exported model
     * @param reference the graph with the trained weights, fused or not
     * @param options   the longest sequence the model can read, what is read, and how many times the noise passes
     * @throws io.softq4j.common.UserError if onnxruntime cannot load or run the file
     */
    public static ParityReport check(Path file, ModelGraph reference, OnnxOptions options) throws IOException {
        try (PlanScorer graph = new PlanScorer(reference); OnnxScorer onnx = new OnnxScorer(file)) {
            OnnxParity parity = new OnnxParity(reference.vocabulary(), new TokenText(options.text(), reference.vocabulary()),
                    options.tolerance());
            return parity.check(reference, graph, onnx, options.maxLength(), FileWeights.different(file, reference));
        }
    }

    private ParityReport check(ModelGraph reference, Scorer graph, Scorer onnx, int maxLength, List<String> wrongWeights) {
        int longest = Math.min(LONG, maxLength);
        List<TokenBatch> batches = List.of(TokenBatch.plain(1, Math.min(SHORT, longest - 1), text, 1), TokenBatch.padded(longest, text, 2));
        List<float[]> expected = batches.stream().map(graph::logits).toList();
        LogitDifference noise = noise(reference, graph, batches, expected);
        double lastBit = LAST_BIT * noise.largest();
        double allowed = tolerance * Math.max(noise.maxDifference(), lastBit);
        double allowedKl = tolerance * tolerance * Math.max(noise.maxKl(), lastBit * lastBit / 2);
        List<ParityReport.Case> cases = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            cases.add(compare(batches.get(i), expected.get(i), onnx.logits(batches.get(i)), allowed));
        }
        return new ParityReport(OnnxScorer.runtime(), noise.largest(), noise.maxDifference(), allowed, allowedKl, wrongWeights, cases,
                greedy(graph, onnx, longest, allowed));
    }

    /** The weights are as they were afterwards. */
    private LogitDifference noise(ModelGraph reference, Scorer graph, List<TokenBatch> batches, List<float[]> expected) {
        LowestBits.flip(reference);
        try {
            LogitDifference noise = new LogitDifference(0, 0, 0, 0, 0, 0);
            for (int i = 0; i < batches.size(); i++) {
                noise = noise.and(LogitDifference.of(batches.get(i), vocabulary, expected.get(i), graph.logits(batches.get(i))));
            }
            return noise;
        } finally {
            LowestBits.flip(reference);
        }
    }

    private ParityReport.Case compare(TokenBatch batch, float[] expected, float[] actual, double allowed) {
        LogitDifference worst = LogitDifference.of(batch, vocabulary, expected, actual);
        int positions = 0;
        int equal = 0;
        for (int row = 0; row < batch.rows(); row++) {
            for (int t = 0; t < batch.length(); t++) {
                if (batch.mask()[row][t] != 0) {
                    positions++;
                    equal += sameArgmax(expected, actual, (row * batch.length() + t) * vocabulary, allowed) ? 1 : 0;
                }
            }
        }
        return new ParityReport.Case(batch.name(), worst.maxDifference(), worst.row(), worst.position(), worst.token(), worst.maxKl(),
                positions, equal);
    }

    private boolean sameArgmax(float[] expected, float[] actual, int start, double allowed) {
        int best = LogitDifference.argmax(expected, start, vocabulary);
        int chosen = LogitDifference.argmax(actual, start, vocabulary);
        return best == chosen || expected[start + best] - expected[start + chosen] <= 2 * allowed;
    }

    private ParityReport.Greedy greedy(Scorer graph, Scorer onnx, int longest, double allowed) {
        int prompt = Math.max(1, longest - GREEDY_STEPS);
        List<int[]> sequences = new ArrayList<>();
        sequences.add(TokenBatch.plain(1, prompt, text, 3).ids()[0]);
        sequences.add(TokenBatch.plain(1, Math.max(1, prompt / 2), text, 4).ids()[0]);
        List<List<Integer>> expected = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<Integer>> actual = List.of(new ArrayList<>(), new ArrayList<>());
        boolean agree = true;
        for (int length = prompt; length < longest; length++) {
            TokenBatch batch = TokenBatch.leftPadded(sequences);
            float[] wanted = graph.logits(batch);
            float[] got = onnx.logits(batch);
            for (int row = 0; row < sequences.size(); row++) {
                int start = ((row + 1) * length - 1) * vocabulary; // the last position of the row
                int best = LogitDifference.argmax(wanted, start, vocabulary);
                agree &= sameArgmax(wanted, got, start, allowed);
                expected.get(row).add(best);
                actual.get(row).add(LogitDifference.argmax(got, start, vocabulary));
                int[] longer = Arrays.copyOf(sequences.get(row), sequences.get(row).length + 1);
                longer[longer.length - 1] = best;
                sequences.set(row, longer);
            }
        }
        return new ParityReport.Greedy(expected, actual, agree);
    }
}
