package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.RotaryAngles;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link RotaryAngles}, in double with {@link StrictMath}. */
final class RotaryAnglesKernel {

    private RotaryAnglesKernel() {
    }

    static Work bind(RotaryAngles op, List<INDArray> inputs, List<INDArray> outputs) {
        double[] frequencies = op.frequencies();
        IntBuffer positions = Memory.ints(inputs.get(0));
        FloatBuffer cos = Memory.floats(outputs.get(0));
        FloatBuffer sin = Memory.floats(outputs.get(1));
        int half = frequencies.length;
        return () -> Workers.rows(positions.capacity(), half, (piece, from, to) -> {
            for (int i = from; i < to; i++) {
                int position = positions.get(i);
                for (int j = 0; j < half; j++) {
                    double angle = position * frequencies[j];
                    cos.put(i * half + j, (float) StrictMath.cos(angle));
                    sin.put(i * half + j, (float) StrictMath.sin(angle));
                }
            }
        });
    }
}
