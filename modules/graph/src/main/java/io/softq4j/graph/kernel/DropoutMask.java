package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Blocks;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@link Dropout} multiplies by, as an array: for graphs of standard ops. Inputs x of any type, for its shape alone, and the key, int32, one
 * element; output float32. Without gradient.
 */
public final class DropoutMask extends KernelOp {

    private final double rate;
    private final int site;

    /** Adds the op to {@code graph}. @param rate in (0, 1) @param site as of {@link Dropout} */
    public DropoutMask(SameDiff graph, SDVariable x, SDVariable key, double rate, int site) {
        super(1, graph, x, key);
        this.rate = rate;
        this.site = site;
        addTArgument(rate);
        addIArgument(site);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(inputs.get(0));
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return Arrays.asList(null, null);
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        IntBuffer key = Memory.ints(inputs.get(1));
        FloatBuffer mask = Memory.floats(outputs.get(0));
        DropoutBits bits = new DropoutBits(rate, site);
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
