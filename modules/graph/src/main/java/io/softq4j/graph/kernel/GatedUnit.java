package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gated linear unit, f(gate) up (Shazeer 2020, arXiv 2002.05202), of any {@link Activation} f; with {@code GELU_NEW} GEGLU as in Hugging Face's
 * {@code T5DenseGatedActDense}. Input {@code [N, 2 F]}, gate and up side by side; output {@code [N, F]}.
 */
public final class GatedUnit extends KernelOp {

    private final Activation activation;

    /** Adds the op to {@code graph}. */
    public GatedUnit(SameDiff graph, SDVariable gateUp, Activation activation) {
        super(1, graph, gateUp);
        this.activation = activation;
        addIArgument(activation.ordinal());
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(GateUp.halves(inputs.get(0)));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Gradient(sameDiff, arg(0), gradients.get(0), activation).outputVariable());
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) outputs.get(0).size(0);
        int width = (int) outputs.get(0).size(1);
        FloatBuffer gateUp = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> GateUp.forEach(rows, width, (at, gateAt, size) -> {
            float[] g = Scratch.row(0, Blocks.SIZE);
            float[] u = Scratch.row(1, Blocks.SIZE);
            gateUp.get(gateAt, g, 0, size);
            gateUp.get(gateAt + width, u, 0, size);
            activation.value(g, size);
            times(g, u, size);
            y.put(at, g, 0, size);
        });
    }

    /** x = x y. */
    private static void times(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            x[i] *= y[i];
        }
    }

    /** dgate = dy up f'(gate), dup = dy f(gate). Inputs gate and up {@code [N, 2 F]}, dy {@code [N, F]}. */
    static final class Gradient extends KernelOp {

        private final Activation activation;

        Gradient(SameDiff graph, SDVariable gateUp, SDVariable dy, Activation activation) {
            super(1, graph, gateUp, dy);
            this.activation = activation;
            addIArgument(activation.ordinal());
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public int inPlaceOf(int output) {
            return 0;
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            int rows = (int) inputs.get(1).size(0);
            int width = (int) inputs.get(1).size(1);
            FloatBuffer gateUp = Memory.floats(inputs.get(0));
            FloatBuffer dy = Memory.floats(inputs.get(1));
            FloatBuffer dGateUp = Memory.floats(outputs.get(0));
            return () -> GateUp.forEach(rows, width, (at, gateAt, size) -> {
                float[] g = Scratch.row(0, Blocks.SIZE);
                float[] u = Scratch.row(1, Blocks.SIZE);
                float[] d = Scratch.row(2, Blocks.SIZE);
                gateUp.get(gateAt, g, 0, size);
                gateUp.get(gateAt + width, u, 0, size);
                dy.get(at, d, 0, size);
                times(u, d, size);
                activation.gradient(g, u, size);
                times(g, d, size);
                dGateUp.put(gateAt, u, 0, size);
                dGateUp.put(gateAt + width, g, 0, size);
            });
        }
    }
}
