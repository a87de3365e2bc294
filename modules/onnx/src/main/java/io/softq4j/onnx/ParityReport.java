package io.softq4j.onnx;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How far an ONNX file is from the graph it was exported from; as JSON it is {@code parity.json}.
 *
 * @param runtime   what ran the file, with its version
 * @param tolerance largest absolute difference of a logit that passes
 * @param cases     one entry for each batch
 * @param greedy    greedy continuations, token by token
 */
public record ParityReport(String runtime, double tolerance, List<Case> cases, Greedy greedy) {

    /**
     * The logits of one batch at all positions that are not padding.
     *
     * @param batch         its shape and what its rows are
     * @param maxDifference largest absolute difference; NaN if either side is not a number
     * @param row           where it is
     * @param position      where it is
     * @param token         whose logit it is
     */
    public record Case(String batch, double maxDifference, int row, int position, int token) {
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
        cases = List.copyOf(cases);
    }

    /** Whether every case is within the tolerance and the greedy texts agree. */
    @JsonProperty
    public boolean passed() {
        return greedy.agree() && cases.stream().allMatch(c -> c.maxDifference() <= tolerance); // NaN is not <=
    }

    /** Largest difference of all cases, NaN if there is one. */
    @JsonProperty
    public double maxDifference() {
        return cases.stream().mapToDouble(Case::maxDifference).reduce(0, Math::max); // Math.max passes NaN on
    }
}
