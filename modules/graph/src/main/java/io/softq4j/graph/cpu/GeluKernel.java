package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Gelu;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Gelu} and its gradient, a block at a time. */
final class GeluKernel {

    private GeluKernel() {
    }

    static Work bind(Gelu op, List<INDArray> inputs, List<INDArray> outputs) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> Blocks.forEach(x.capacity(), (from, size) -> {
            float[] a = Scratch.row(0, Blocks.SIZE);
            x.get(from, a, 0, size);
            GeluNew.value(a, size);
            y.put(from, a, 0, size);
        });
    }

    static Work gradient(Gelu.Gradient op, List<INDArray> inputs, List<INDArray> outputs) {
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
