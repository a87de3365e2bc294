package io.softq4j.graph.kernel;

/**
 * What is known of rows of logits z {@code [N, V]} when a {@link RowLoss} is asked for one: for that row and its neighbours the reductions,
 * each 0 where no term involves the row, and the loss's own inputs.
 */
public interface RowValues {

    /** V = tau logsumexp(z / tau). */
    double value(int row);

    /** q = z[x], the logit that was picked. */
    double chosen(int row);

    /** H of softmax(z / tau), nats. */
    double entropy(int row);

    /** One of the sums of the term's {@link RowFunction}. */
    double sum(int index, int row);

    /** One of the loss's inputs, each {@code [N]}. */
    double input(int index, int row);

    /** V, the logits of a row. */
    int width();
}
