package io.softq4j.graph.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A product z = h E^T with a loss on its rows and the loss's gradient, chunk by chunk, so that z {@code [N, V]}, such as the logits of a
 * language model, never exists as a whole. The loss is a sum of {@link RowLoss} terms over
 *
 * <pre>
 *   V_t = tau logsumexp(z_t / tau)      q_t = z_t[x_t]      H_t = entropy of p_t = softmax(z_t / tau)
 * </pre>
 *
 * and writes the gradient of a row as dz_t = (A_t + C_t log p_t) p_t + B_t onehot(x_t), which costs two scalars a row where C is 0, and no
 * second look at the logits; what cannot be written so is added by the term's {@link RowFunction}. Rows that no term involves are left out
 * altogether.
 *
 * <p>Inputs h {@code [N, D]}, E {@code [V, D]}, x int32 {@code [N]}, the loss's own, each {@code [N]}, and, with the gradient, a scalar for
 * each term, by which it is multiplied. Outputs V, q, H and the sums of the terms' functions, each {@code [N]} and 0 in rows left out; dh
 * {@code [N, D]} and dE {@code [V, D]}, added up, each where it is wanted. The loss itself is for the caller to sum in double.
 */
public final class ChunkedHead extends KernelOp {

    /** The input h. */
    public static final int HIDDEN = 0;

    /** The input E. */
    public static final int TABLE = 1;

    /** The input x. */
    public static final int CHOSEN = 2;

    /** The first of the loss's inputs; the scales follow them. */
    public static final int LOSS = 3;

    /** How many outputs V, q and H are; the sums follow them, each where it is wanted dh, and dE. */
    public static final int VALUES = 3;

    /**
     * The loss.
     *
     * @param tau    temperature of V, H and p
     * @param inputs of the terms, each {@code [N]}
     * @param terms  whose sum the loss is
     */
    public record Loss(double tau, List<SDVariable> inputs, List<RowLoss> terms) {
    }

    /**
     * Which gradients are computed.
     *
     * @param hidden dh: false where nothing below the head is trained
     * @param table  dE: false where the table is frozen
     */
    public record Wanted(boolean hidden, boolean table) {

        private static final Wanted NOTHING = new Wanted(false, false);

        /** How many. */
        public int count() {
            return (hidden ? 1 : 0) + (table ? 1 : 0);
        }
    }

    private final Wanted wanted;
    private final Loss loss;
    private final int sums;

    /** Values alone. @param chosen x, int32 {@code [N]} */
    public ChunkedHead(SameDiff graph, SDVariable hidden, SDVariable table, SDVariable chosen, Loss loss) {
        this(graph, hidden, table, chosen, loss, List.of(), Wanted.NOTHING);
    }

    /** Values and gradient. @param scales of the terms, scalars */
    public ChunkedHead(SameDiff graph, SDVariable hidden, SDVariable table, SDVariable chosen, Loss loss, List<SDVariable> scales,
            Wanted wanted) {
        super(VALUES + sums(loss) + wanted.count(), graph, inputs(hidden, table, chosen, loss, scales));
        this.wanted = wanted;
        this.loss = loss;
        this.sums = sums(loss);
    }

    /** How many sums the functions of all terms need. */
    private static int sums(Loss loss) {
        return loss.terms().stream().mapToInt(term -> term.function().map(RowFunction::sums).orElse(0)).sum();
    }

    private static SDVariable[] inputs(SDVariable hidden, SDVariable table, SDVariable chosen, Loss loss, List<SDVariable> scales) {
        List<SDVariable> inputs = new ArrayList<>(List.of(hidden, table, chosen));
        inputs.addAll(loss.inputs());
        inputs.addAll(scales);
        return inputs.toArray(SDVariable[]::new);
    }

    /** V {@code [N]}. */
    public SDVariable value() {
        return outputVariables()[0];
    }

    /** q {@code [N]}. */
    public SDVariable chosen() {
        return outputVariables()[1];
    }

    /** H {@code [N]}. */
    public SDVariable entropy() {
        return outputVariables()[2];
    }

    /** The sums of the terms' functions, each {@code [N]}, one term after the other. */
    public List<SDVariable> sums() {
        return List.of(outputVariables()).subList(VALUES, VALUES + sums);
    }

    /** dL/dh {@code [N, D]}, where it is wanted. */
    public SDVariable hiddenGradient() {
        return outputVariables()[hiddenOutput()];
    }

    /** dL/dE {@code [V, D]}, where it is wanted. */
    public SDVariable tableGradient() {
        return outputVariables()[tableOutput()];
    }

    /** What the loss is. */
    public Loss loss() {
        return loss;
    }

    /** Which gradients are computed. */
    public Wanted wanted() {
        return wanted;
    }

    /** Which output dh is, where it is wanted. */
    public int hiddenOutput() {
        return VALUES + sums;
    }

    /** Which output dE is, where it is wanted. */
    public int tableOutput() {
        return hiddenOutput() + (wanted.hidden() ? 1 : 0);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[] hidden = inputs.get(HIDDEN);
        long[] table = inputs.get(TABLE);
        if (hidden.length != 2 || table.length != 2 || hidden[1] != table[1]) {
            throw new IllegalArgumentException("hidden states " + Arrays.toString(hidden) + " do not fit an output layer "
                    + Arrays.toString(table) + "; they must be [N, D] and [V, D]");
        }
        long[] rows = {hidden[0]};
        List<long[]> shapes = new ArrayList<>(Collections.nCopies(VALUES + sums, rows));
        if (wanted.hidden()) {
            shapes.add(hidden);
        }
        if (wanted.table()) {
            shapes.add(table);
        }
        return shapes;
    }

    @Override
    public boolean adds(int output) {
        return wanted.table() && output == tableOutput();
    }

    @Override
    public long flops(List<long[]> inputs) {
        return Math.multiplyExact((2 + 2 * wanted.count()) * inputs.get(HIDDEN)[0] * inputs.get(HIDDEN)[1], inputs.get(TABLE)[0]);
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] inputs) {
        throw new IllegalStateException(getOwnName() + " computes its own gradient: read hiddenGradient() and tableGradient()");
    }
}
