package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Add;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Add}, a block at a time. */
final class AddKernel {

    private AddKernel() {
    }

    static Work bind(Add op, List<INDArray> inputs, List<INDArray> outputs) {
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer y = Memory.floats(inputs.get(1));
        FloatBuffer out = Memory.floats(outputs.get(0));
        return () -> Blocks.forEach(x.capacity(), (from, size) -> {
            float[] a = Scratch.row(0, Blocks.SIZE);
            float[] b = Scratch.row(1, Blocks.SIZE);
            x.get(from, a, 0, size);
            y.get(from, b, 0, size);
            Floats.add(a, b, size);
            out.put(from, a, 0, size);
        });
    }
}
