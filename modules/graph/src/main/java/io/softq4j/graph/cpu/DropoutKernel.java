package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Dropout;
import io.softq4j.graph.kernel.DropoutMask;
import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Dropout} and {@link DropoutMask}, a block at a time. */
final class DropoutKernel {

    private DropoutKernel() {
    }

    static Work bind(Dropout op, List<INDArray> inputs, List<INDArray> outputs) {
        DropoutBits bits = new DropoutBits(op.rate(), op.site());
        FloatBuffer x = Memory.floats(inputs.get(0));
        IntBuffer key = Memory.ints(inputs.get(1));
        FloatBuffer y = Memory.floats(outputs.get(0));
        return () -> {
            long state = bits.state(key.get(0));
            boolean on = key.get(0) != 0;
            Blocks.forEach(x.capacity(), (from, size) -> {
                float[] block = Scratch.row(0, Blocks.SIZE);
                x.get(from, block, 0, size);
                if (on) {
                    bits.multiply(state, from, block, size);
                }
                y.put(from, block, 0, size);
            });
        };
    }

    static Work mask(DropoutMask op, List<INDArray> inputs, List<INDArray> outputs) {
        DropoutBits bits = new DropoutBits(op.rate(), op.site());
        IntBuffer key = Memory.ints(inputs.get(1));
        FloatBuffer mask = Memory.floats(outputs.get(0));
        return () -> {
            long state = bits.state(key.get(0));
            boolean on = key.get(0) != 0;
            Blocks.forEach(mask.capacity(), (from, size) -> {
                float[] block = Scratch.row(0, Blocks.SIZE);
                Arrays.fill(block, 1f);
                if (on) {
                    bits.multiply(state, from, block, size);
                }
                mask.put(from, block, 0, size);
            });
        };
    }
}
