package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.SwiGlu;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Exp;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import java.nio.FloatBuffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SwiGlu} and its gradient. */
final class SwiGluKernel {

    private static final FloatVector ONE = VectorMath.constant(1f);

    private SwiGluKernel() {
    }

    static Work bind(SwiGlu op, List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) outputs.get(0).size(0);
        int width = (int) outputs.get(0).size(1);
        FloatBuffer gateUp = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> GateUp.forEach(rows, width, (at, gateAt, size) -> {
            float[] g = Scratch.row(0, Blocks.SIZE);
            float[] u = Scratch.row(1, Blocks.SIZE);
            gateUp.get(gateAt, g, 0, size);
            gateUp.get(gateAt + width, u, 0, size);
            forward(g, u, size);
            y.put(at, g, 0, size);
        });
    }

    /** g = silu(g) u. */
    private static void forward(float[] g, float[] u, int size) {
        float[] e = exponentials(g, size);
        for (int j = 0; j < size; j += VectorMath.SPECIES.length()) {
            FloatVector gate = FloatVector.fromArray(VectorMath.SPECIES, g, j);
            gate.mul(logistic(e, j)).mul(FloatVector.fromArray(VectorMath.SPECIES, u, j)).intoArray(g, j);
        }
    }

    /** exp(-g). */
    private static float[] exponentials(float[] g, int size) {
        float[] e = Scratch.row(3, Blocks.SIZE);
        Exp.of(g, e, size, 0f, -1f);
        return e;
    }

    /** 1 / (1 + e). */
    private static FloatVector logistic(float[] e, int at) {
        return ONE.div(FloatVector.fromArray(VectorMath.SPECIES, e, at).add(ONE));
    }

    static Work gradient(SwiGlu.Gradient op, List<INDArray> inputs, List<INDArray> outputs) {
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
            backward(g, u, d, size);
            dGateUp.put(gateAt, g, 0, size);
            dGateUp.put(gateAt + width, u, 0, size);
        });
    }

    /** g becomes dgate, u becomes dup. */
    private static void backward(float[] g, float[] u, float[] dy, int size) {
        float[] e = exponentials(g, size);
        for (int j = 0; j < size; j += VectorMath.SPECIES.length()) {
            FloatVector gate = FloatVector.fromArray(VectorMath.SPECIES, g, j);
            FloatVector up = FloatVector.fromArray(VectorMath.SPECIES, u, j);
            FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, dy, j);
            FloatVector s = logistic(e, j);
            FloatVector ds = d.mul(s);
            ds.mul(gate).intoArray(u, j);
            ds.mul(up).mul(s.neg().add(1f).mul(gate).add(1f)).intoArray(g, j);
        }
    }
}
