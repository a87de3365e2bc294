package io.softq4j.graph.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The output layer of a language model together with the inverse soft-Q objective and its gradient (arXiv 2409.01369, Eq. 14), chunk by chunk, so
 * that the logits {@code [N, V]} never exist as a whole. With z = h E^T, m, d, c the masks of the objective and s, r its two scales:
 *
 * <pre>
 *   V_t = tau logsumexp(z_t / tau)      q_t = z_t[x_t]      delta_t = q_t - gamma c_t V_{t+1}
 *   L   = s sum_t m_t (V_t - q_t) / tau  +  r sum_t d_t delta_t^2  +  s zeta sum_t m_t (V_t / tau)^2
 *   dL/dz_t = A_t softmax(z_t / tau) + B_t onehot(x_t)
 *   A_t =   s m_t / tau + 2 s zeta m_t V_t / tau^2 - 2 r gamma d_{t-1} c_{t-1} delta_{t-1}
 *   B_t = - s m_t / tau + 2 r d_t delta_t
 * </pre>
 *
 * where the last part of A is left out if the gradient stops at V_{t+1}. zeta weighs the z-loss (PaLM, arXiv 2204.02311, section 5). Maximum
 * likelihood is the case r = 0, computed by the same steps. Rows that neither have m nor are the next row of one that has d c are left out altogether: prompts and padding cost nothing.
 *
 * <p>Inputs h {@code [N, D]}, E {@code [V, D]}, x int32 {@code [N]}, m, d, c {@code [N]} and, with the gradient, scalars s and r. Where d c is not 0
 * the next row in memory is the next state. Outputs V, q and H (entropy of the policy in nats), each {@code [N]} and 0 in rows left out; dh
 * {@code [N, D]} and dE {@code [V, D]}, added up, each where it is wanted; then scratch space. L itself is for the caller to sum in double.
 */
public final class SoftQHead extends KernelOp {

    /** Inputs, in their order. */
    static final int HIDDEN = 0;
    static final int TABLE = 1;
    static final int ACTIONS = 2;
    static final int NLL_MASK = 3;
    static final int TD_MASK = 4;
    static final int CONTINUES = 5;
    static final int NLL_SCALE = 6;
    static final int TD_SCALE = 7;

    /**
     * What does not change from run to run.
     *
     * @param tau          temperature of the soft value
     * @param gamma        discount
     * @param stopGradient whether V_{t+1} is a constant in the gradient
     * @param zLoss        zeta; 0: none
     */
    public record Settings(double tau, double gamma, boolean stopGradient, double zLoss) {
    }

    /**
     * The inputs beside hidden states and table.
     *
     * @param actions   x, int32 {@code [N]}
     * @param nllMask   m {@code [N]}
     * @param tdMask    d {@code [N]}
     * @param continues c {@code [N]}
     */
    public record Targets(SDVariable actions, SDVariable nllMask, SDVariable tdMask, SDVariable continues) {
    }

    /**
     * The two scalars the terms of L are multiplied by.
     *
     * @param nll s
     * @param td  r
     */
    public record Scales(SDVariable nll, SDVariable td) {
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
    private final Settings settings;

    /** Values alone. */
    public SoftQHead(SameDiff graph, SDVariable hidden, SDVariable table, Targets targets, Settings settings) {
        super(VALUES + 2, graph, hidden, table, targets.actions(), targets.nllMask(), targets.tdMask(), targets.continues());
        this.wanted = Wanted.NOTHING;
        this.settings = settings;
    }

    /** Values and gradient. */
    public SoftQHead(SameDiff graph, SDVariable hidden, SDVariable table, Targets targets, Scales scales, Settings settings, Wanted wanted) {
        super(VALUES + 2 + wanted.count() + (wanted.hidden() ? 1 : 0), graph, hidden, table, targets.actions(), targets.nllMask(), targets.tdMask(),
                targets.continues(), scales.nll(), scales.td());
        this.wanted = wanted;
        this.settings = settings;
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

    /** dL/dh {@code [N, D]}, where it is wanted. */
    public SDVariable hiddenGradient() {
        return outputVariables()[VALUES];
    }

    /** dL/dE {@code [V, D]}, where it is wanted. */
    public SDVariable tableGradient() {
        return outputVariables()[tableOutput()];
    }

    private int tableOutput() {
        return VALUES + (wanted.hidden() ? 1 : 0);
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
        List<long[]> shapes = new ArrayList<>(List.of(rows, rows, rows));
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
        int scratch = VALUES + wanted.count();
        HeadValues values = new HeadValues(chunk, settings, inputs, outputs, outputs.subList(scratch, scratch + 2));
        HeadGradient backward = gradient() ? new HeadGradient(chunk, settings, inputs, outputs, values, targets(outputs, scratch)) : null;
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

    private HeadGradient.Targets targets(List<INDArray> outputs, int scratch) {
        return new HeadGradient.Targets(outputs.get(scratch), outputs.get(scratch + 1), wanted.hidden() ? outputs.get(VALUES) : null,
                wanted.hidden() ? outputs.get(scratch + 2) : null, wanted.table() ? outputs.get(tableOutput()) : null);
    }
}
