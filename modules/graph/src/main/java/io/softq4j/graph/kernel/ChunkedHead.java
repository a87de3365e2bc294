package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A product z = h E^T with a loss on its rows and the loss's gradient, chunk by chunk, so that z {@code [N, V]}, such as the logits of a language model,
 * never exists as a whole. The loss is a sum of {@link RowLoss} terms over
 *
 * <pre>
 *   V_t = tau logsumexp(z_t / tau)      q_t = z_t[x_t]      H_t = entropy of p_t = softmax(z_t / tau)
 * </pre>
 *
 * and writes the gradient of a row as dz_t = (A_t + C_t log p_t) p_t + B_t onehot(x_t), which costs two scalars a row where C is 0, and no second look at
 * the logits; what cannot be written so is added by the term's {@link RowFunction}. Rows that no term involves are left out altogether.
 *
 * <p>Inputs h {@code [N, D]}, E {@code [V, D]}, x int32 {@code [N]}, the loss's own, each {@code [N]}, and, with the gradient, a scalar for each term, by
 * which it is multiplied. Outputs V, q, H and the sums of the terms' functions, each {@code [N]} and 0 in rows left out; dh {@code [N, D]} and dE
 * {@code [V, D]}, added up, each where it is wanted; then scratch space. The loss itself is for the caller to sum in double.
 */
public final class ChunkedHead extends KernelOp {

    /** Inputs, in their order; those of the loss follow, then the scales. */
    static final int HIDDEN = 0;
    static final int TABLE = 1;
    static final int CHOSEN = 2;
    static final int LOSS = 3;

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

        private int count() {
            return (hidden ? 1 : 0) + (table ? 1 : 0);
        }
    }

    private static final int VALUES = 3;

    private final Wanted wanted;
    private final Loss loss;
    private final int sums;

    /** Values alone. @param chosen x, int32 {@code [N]} */
    public ChunkedHead(SameDiff graph, SDVariable hidden, SDVariable table, SDVariable chosen, Loss loss) {
        this(graph, hidden, table, chosen, loss, List.of(), Wanted.NOTHING);
    }

    /** Values and gradient. @param scales of the terms, scalars */
    public ChunkedHead(SameDiff graph, SDVariable hidden, SDVariable table, SDVariable chosen, Loss loss, List<SDVariable> scales, Wanted wanted) {
        super(VALUES + HeadTerms.sums(loss.terms()) + wanted.count() + 2 + (wanted.hidden() ? 1 : 0), graph,
                inputs(hidden, table, chosen, loss, scales));
        this.wanted = wanted;
        this.loss = loss;
        this.sums = HeadTerms.sums(loss.terms());
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
        return outputVariables()[VALUES + sums];
    }

    /** dL/dE {@code [V, D]}, where it is wanted. */
    public SDVariable tableGradient() {
        return outputVariables()[tableOutput()];
    }

    private int tableOutput() {
        return VALUES + sums + (wanted.hidden() ? 1 : 0);
    }

    private boolean gradient() {
        return wanted.count() > 0;
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
        HeadChunk chunk = HeadChunk.of(hidden[0], table[0], table[1]);
        shapes.add(new long[] {chunk.rows() + 1, chunk.stride()});
        shapes.add(new long[] {chunk.rows() + 1, table[1]});
        if (wanted.hidden()) {
            shapes.add(new long[] {chunk.groups(), chunk.rows() + 1, table[1]});
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

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        HeadChunk chunk = HeadChunk.of(inputs.get(HIDDEN).size(0), inputs.get(TABLE).size(0), inputs.get(TABLE).size(1));
        int scratch = VALUES + sums + wanted.count();
        HeadTerms terms = terms(inputs, outputs, chunk.vocabulary());
        HeadValues values = new HeadValues(chunk, loss.tau(), terms, inputs, outputs, outputs.subList(scratch, scratch + 2));
        HeadGradient backward = gradient() ? new HeadGradient(chunk, loss.tau(), terms, inputs, outputs.get(0), values, targets(outputs, scratch)) : null;
        return () -> {
            values.start();
            if (backward != null) {
                backward.start();
            }
            while (values.next()) {
                if (backward != null) {
                    backward.run();
                }
                values.carry();
            }
        };
    }

    private HeadTerms terms(List<INDArray> inputs, List<INDArray> outputs, int width) {
        int scales = LOSS + loss.inputs().size();
        return new HeadTerms(loss.terms(), new HeadTerms.Buffers(Memory.floats(outputs.get(0)), Memory.floats(outputs.get(1)),
                Memory.floats(outputs.get(2)), floats(outputs.subList(VALUES, VALUES + sums)), floats(inputs.subList(LOSS, scales)),
                floats(inputs.subList(scales, inputs.size()))), width);
    }

    private static List<FloatBuffer> floats(List<INDArray> arrays) {
        return arrays.stream().map(Memory::floats).toList();
    }

    private HeadGradient.Targets targets(List<INDArray> outputs, int scratch) {
        return new HeadGradient.Targets(outputs.get(scratch), outputs.get(scratch + 1), wanted.hidden() ? outputs.get(VALUES + sums) : null,
                wanted.hidden() ? outputs.get(scratch + 2) : null, wanted.table() ? outputs.get(tableOutput()) : null);
    }
}
