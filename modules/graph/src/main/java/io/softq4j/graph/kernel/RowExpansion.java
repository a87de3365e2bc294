package io.softq4j.graph.kernel;

import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@link RowValues} in standard ops; each {@code [N]}.
 *
 * @param value        V
 * @param chosen       q
 * @param entropy      H
 * @param sums         of the term's {@link RowFunction}
 * @param inputs       of the loss
 * @param next         of a value of each row: that of the row after it, 0 where there is none
 * @param stopGradient the same values; the gradient ends there
 * @param width        V, the logits of a row
 */
public record RowExpansion(SDVariable value, SDVariable chosen, SDVariable entropy, List<SDVariable> sums, List<SDVariable> inputs,
                           UnaryOperator<SDVariable> next, UnaryOperator<SDVariable> stopGradient, int width) {
}
