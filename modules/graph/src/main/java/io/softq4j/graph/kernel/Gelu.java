package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link GeluNew} as an op of its own; any shape. */
public final class Gelu extends KernelOp {

    /** Adds the op to {@code graph}. */
    public Gelu(SameDiff graph, SDVariable x) {
        super(1, graph, x);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(inputs.get(0));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Gradient(sameDiff, arg(0), gradients.get(0)).outputVariable());
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> Blocks.forEach(x.capacity(), (from, size) -> {
            float[] a = Scratch.row(0, Blocks.SIZE);
            x.get(from, a, 0, size);
            GeluNew.value(a, size);
            y.put(from, a, 0, size);
        });
    }

    /** Inputs x, dy. */
    static final class Gradient extends KernelOp {

        Gradient(SameDiff graph, SDVariable x, SDVariable dy) {
            super(1, graph, x, dy);
        }

        @Override
        public List<long[]> outputShapes(List<long[]> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
            FloatBuffer x = Memory.floats(inputs.get(0));
            FloatBuffer dy = Memory.floats(inputs.get(1));
            FloatBuffer dx = Memory.floats(outputs.get(0));
            return () -> Blocks.forEach(x.capacity(), (from, size) -> {
                float[] a = Scratch.row(0, Blocks.SIZE);
                float[] d = Scratch.row(1, Blocks.SIZE);
                x.get(from, a, 0, size);
                dy.get(from, d, 0, size);
                GeluNew.gradient(a, d, size);
                dx.put(from, d, 0, size);
            });
        }
    }
}
