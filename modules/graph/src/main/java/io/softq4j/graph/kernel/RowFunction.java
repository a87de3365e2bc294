package io.softq4j.graph.kernel;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What a {@link RowLoss} does with all logits of a row, a piece of at most {@link #PIECE} at a time, while the piece is in the cache.
 * Called by several threads at once.
 */
public interface RowFunction {

    /** Logits of a piece, at most. */
    int PIECE = 512;

    /** How many sums over the row it needs. */
    int sums();

    /**
     * Adds a piece's part of each sum.
     *
     * @param z      the logits of columns {@code column} to {@code column + size}
     * @param totals to be added to, {@link #sums} elements from {@code at}
     */
    void sum(float[] z, int column, int size, double[] totals, int at);

    /**
     * Adds the gradient of scale x term by the logits of a piece.
     *
     * @param z        the logits of columns {@code column} to {@code column + size}, to be left as they are
     * @param gradient to be added to, of the same columns
     */
    void differentiate(RowValues rows, int row, double scale, float[] z, int column, int size, float[] gradient);

    /** The sums in standard ops, each {@code [N]}. @param logits {@code [N, V]} */
    List<SDVariable> expansion(SDVariable logits);
}
