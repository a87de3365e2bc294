package io.softq4j.graph.kernel;

import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A term of a loss over the rows of a matrix z {@code [N, V]} too large to keep: scale x the sum of the rows' {@link #value}. The product
 * that z is, its reductions V, q and H and the memory are the affair of {@link ChunkedHead}, which asks this for one row after another
 * while it has them; what the term means is the affair of who writes it.
 *
 * <p>It is written twice: as {@link #value} and {@link #differentiate} of one row, and as its {@link #expansion} in standard ops, which is
 * its definition and what graphs of other types and devices compute.
 */
public interface RowLoss {

    /** Whether value or gradient involves the row's logits. Rows that no term involves are not computed, and their V, q and H are 0. */
    boolean involves(RowValues rows, int row);

    /** What the row adds to the term, before the scale; 0 for a row that has no part. May look at the row after it. */
    double value(RowValues rows, int row);

    /**
     * Adds the gradient of scale x term by the row's logits, whichever rows' values they enter: the row's own, and that of the row before
     * it.
     */
    void differentiate(RowValues rows, int row, double scale, RowGradient gradient);

    /** What the term needs of all logits of a row, beside V, q and H; empty: nothing. */
    default Optional<RowFunction> function() {
        return Optional.empty();
    }

    /** The term before its scale, a scalar, in standard ops. */
    SDVariable expansion(RowExpansion rows);
}
