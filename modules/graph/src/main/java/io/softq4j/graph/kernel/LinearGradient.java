package io.softq4j.graph.kernel;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Gradients of {@link Linear}, y = f(x) W + b: dx = (dy W^T) f'(x), dW += f(x)^T dy, db += the sum of the rows of dy; and of
 * {@link LinearTransposed}, y = f(x) W^T + b: dx = (dy W) f'(x), dW += dy^T f(x). Those that are wanted, and f(x) where dW needs it.
 *
 * <p>Inputs x {@code [N, K]}, W {@code [K, E]} or, transposed, {@code [E, K]}, dy {@code [N, E]}; outputs, each where it is computed, dx,
 * dW, db, f(x).
 */
public final class LinearGradient extends KernelOp {

    /** An output that is not computed. */
    public static final int NONE = -1;

    private final Activation activation;
    private final boolean transposed;
    private final int inputs;
    private final int dx;
    private final int dw;
    private final int db;
    private final int fx;

    /** @param wanted of x, W and, where there is one, b */
    LinearGradient(SameDiff graph, SDVariable x, SDVariable weight, SDVariable dy, Activation activation, boolean transposed,
            boolean[] wanted) {
        super(count(activation, wanted), graph, x, weight, dy);
        this.activation = activation;
        this.transposed = transposed;
        inputs = wanted.length;
        int next = 0;
        dx = wanted[0] ? next++ : NONE;
        dw = wanted[1] ? next++ : NONE;
        db = wanted.length > 2 && wanted[2] ? next++ : NONE;
        fx = activation != Activation.NONE && wanted[1] ? next : NONE;
        addBArgument(transposed);
        addIArgument(activation.ordinal());
    }

    private static int count(Activation activation, boolean[] wanted) {
        int count = activation != Activation.NONE && wanted[1] ? 1 : 0;
        for (boolean one : wanted) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** Gradients of x, W and, where there is one, b; null where not wanted. */
    List<SDVariable> terms() {
        SDVariable[] out = outputVariables();
        List<SDVariable> terms = new ArrayList<>();
        for (int output : inputs == 2 ? new int[] {dx, dw} : new int[] {dx, dw, db}) {
            terms.add(output == NONE ? null : out[output]);
        }
        return terms;
    }

    /** f. */
    public Activation activation() {
        return activation;
    }

    /** Whether W is {@code [E, K]}. */
    public boolean transposed() {
        return transposed;
    }

    /** Which output dx is, or {@link #NONE}. */
    public int dx() {
        return dx;
    }

    /** Which output dW is, or {@link #NONE}. */
    public int dw() {
        return dw;
    }

    /** Which output db is, or {@link #NONE}. */
    public int db() {
        return db;
    }

    /** Which output f(x) is, or {@link #NONE}; dW may be computed from it. */
    public int fx() {
        return fx;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        long[][] shapes = new long[getNumOutputs()][];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = i == dw ? inputs.get(1) : i == db ? new long[] {inputs.get(2)[1]} : inputs.get(0);
        }
        return List.of(shapes);
    }

    @Override
    public long flops(List<long[]> inputs) {
        long product = Math.multiplyExact(2 * inputs.get(0)[0] * inputs.get(0)[1], inputs.get(2)[1]);
        return Math.multiplyExact((dx == NONE ? 0 : 1) + (dw == NONE ? 0 : 1), product);
    }

    @Override
    public boolean adds(int output) {
        return output == dw || output == db;
    }

    /** f(x) takes the place of x. */
    @Override
    public int inPlaceOf(int output) {
        return output == fx ? 0 : -1;
    }
}
