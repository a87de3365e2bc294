package io.softq4j.onnx;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A parity report says by how much an ONNX file differs from the graph from which it was exported; as JSON it is {@code parity.json}.
 *
 * @param runtime       what ran the file, with its version
 * @param largestLogit  of the graph's logits that were compared, without its sign
 * @param noise         how far the graph's logits are from those of the same graph with the last bits of its weights changed: what rounding
 *                      makes of them
 * @param tolerance     largest absolute difference of a logit that passes, from the two before
 * @param klTolerance   largest KL divergence, in nats, that passes
 * @param wrongWeights  tensors of the file that are not the trained ones, bit for bit
 * @param cases         one entry for each batch
 * @param greedy        greedy continuations, token by token
 */
public record ParityReport(String runtime, double largestLogit, double noise, double tolerance, double klTolerance,
        List<String> wrongWeights,
                           List<Case> cases, Greedy greedy) {

    /**
     * The logits of one batch at all positions that are not padding.
     *
     * @param batch         its shape and what its rows are
     * @param maxDifference largest absolute difference; NaN if either side is not a number
     * @param row           where it is
     * @param position      where it is
     * @param token         whose logit it is
     * @param kl            largest KL divergence of a position, of the graph's distribution from the file's, in nats
     * @param positions     how many were compared
     * @param argmaxEqual   at how many of them the likeliest token is the same, or a tie closer than twice the tolerance
     */
    public record Case(String batch, double maxDifference, int row, int position, int token, double kl, int positions, int argmaxEqual) {
    }

    /**
     * Greedy continuations of prompts of different lengths, padded on the left.
     *
     * @param expected tokens the graph chooses, for each row
     * @param actual   tokens the ONNX file chooses after the same prefix
     * @param agree    whether they are the same, up to ties closer than twice the tolerance
     */
    public record Greedy(List<List<Integer>> expected, List<List<Integer>> actual, boolean agree) {

        public Greedy {
            expected = expected.stream().map(List::copyOf).toList();
            actual = actual.stream().map(List::copyOf).toList();
        }
    }

    public ParityReport {
        wrongWeights = List.copyOf(wrongWeights);
        cases = List.copyOf(cases);
    }

    /** Whether the weights are the trained ones, every case is within the tolerances and the greedy texts agree. */
    @JsonProperty
    public boolean passed() {
        return wrongWeights.isEmpty() && greedy.agree() // NaN is not <=
                && cases.stream().allMatch(c -> c.maxDifference() <= tolerance && c.kl() <= klTolerance
                && c.argmaxEqual() == c.positions());
    }

    /** Largest difference of all cases, NaN if there is one. */
    @JsonProperty
    public double maxDifference() {
        return cases.stream().mapToDouble(Case::maxDifference).reduce(0, Math::max); // Math.max passes NaN on
    }

    /** Largest KL divergence of all cases, NaN if there is one. */
    @JsonProperty
    public double maxKl() {
        return cases.stream().mapToDouble(Case::kl).reduce(0, Math::max);
    }
}
