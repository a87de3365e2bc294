package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.GatedUnit;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link GatedUnit} and its gradient. */
final class GatedUnitKernel {

    private GatedUnitKernel() {
    }

    static Work bind(GatedUnit op, List<INDArray> inputs, List<INDArray> outputs) {
        Activation activation = op.activation();
        int rows = (int) outputs.get(0).size(0);
        int width = (int) outputs.get(0).size(1);
        FloatBuffer gateUp = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> GateUp.forEach(rows, width, (at, gateAt, size) -> {
            float[] g = Scratch.row(0, Blocks.SIZE);
            float[] u = Scratch.row(1, Blocks.SIZE);
            gateUp.get(gateAt, g, 0, size);
            gateUp.get(gateAt + width, u, 0, size);
            Activations.value(activation, g, size);
            times(g, u, size);
            y.put(at, g, 0, size);
        });
    }

    static Work gradient(GatedUnit.Gradient op, List<INDArray> inputs, List<INDArray> outputs) {
        Activation activation = op.activation();
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
            Activations.gradient(activation, g, u, size);
            times(g, d, size);
            dGateUp.put(gateAt, u, 0, size);
            dGateUp.put(gateAt + width, g, 0, size);
        });
    }

    /** x = x y. */
    private static void times(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            x[i] *= y[i];
        }
    }
}
