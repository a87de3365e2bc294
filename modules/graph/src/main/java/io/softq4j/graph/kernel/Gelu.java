package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tanh form of GELU (Hugging Face's {@code gelu_new}): 0.5 x (1 + tanh(u)), u = sqrt(2/pi) (x + 0.044715 x^3).
 * Since 0.5 (1 + tanh u) is the logistic function of 2u, it is computed as x / (1 + exp(-2u)). Any shape.
 */
public final class Gelu extends KernelOp {

    static final float ROOT_2_OVER_PI = 0.7978845608f;
    static final float CUBIC = 0.044715f;

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
            for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, a, i);
                v.mul(gate(v)).intoArray(a, i);
            }
            y.put(from, a, 0, size);
        });
    }

    /** 1 / (1 + exp(-2u)). */
    static FloatVector gate(FloatVector x) {
        FloatVector u = x.mul(x).mul(CUBIC).add(1f).mul(x).mul(-2 * ROOT_2_OVER_PI);
        return FloatVector.broadcast(VectorMath.SPECIES, 1f).div(VectorMath.exp(u).add(1f));
    }

    /** dx = dy (s + x s (1 - s) 2 u'), s the gate. Inputs x, dy. */
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
                for (int i = 0; i < size; i += VectorMath.SPECIES.length()) {
                    FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, a, i);
                    FloatVector s = gate(v);
                    FloatVector slope = v.mul(v).mul(3 * CUBIC).add(1f).mul(2 * ROOT_2_OVER_PI);
                    FloatVector derivative = s.add(v.mul(s).mul(s.neg().add(1f)).mul(slope));
                    FloatVector.fromArray(VectorMath.SPECIES, d, i).mul(derivative).intoArray(d, i);
                }
                dx.put(from, d, 0, size);
            });
        }
    }
}
