package io.softq4j.graph.kernel;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * A SameDiff op of ours: what it computes, its shapes and its gradient, and what a plan may do with its arrays. How it is computed is a
 * kernel's affair, which {@link io.softq4j.graph.plan.Plan} looks up by the op's class in the table of the device it runs on. All floating
 * arrays are float32, row-major and contiguous.
 */
public abstract class KernelOp extends DynamicCustomOp {

    private final int outputs;

    protected KernelOp(int outputs, SameDiff graph, SDVariable... inputs) {
        super(null, graph, inputs, false);
        this.outputs = outputs;
    }

    /** Shapes of the outputs, given those of the inputs. */
    public abstract List<long[]> outputShapes(List<long[]> inputs);

    /**
     * Floating-point operations of one run, two for each multiply-add of a product; one for each element of the first input unless
     * overridden.
     */
    public long flops(List<long[]> inputs) {
        long elements = 1;
        for (long extent : inputs.get(0)) {
            elements = Math.multiplyExact(elements, extent);
        }
        return elements;
    }

    /**
     * Adds the backward ops of this one to the graph.
     *
     * @param gradients of the outputs; null where nothing depends on one
     * @param wanted    for each input whether its gradient is needed: what is not is best not computed
     * @return gradients of the inputs; null, or anything, where there is none or it is not wanted
     */
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return doDiff(gradients);
    }

    /**
     * Whether the kernel adds to this output instead of overwriting it, as for the gradient of a parameter. The plan clears the output
     * first, or hands in the array in which the caller wants the sum.
     */
    public boolean adds(int output) {
        return false;
    }

    /** The input whose memory this output takes where nothing needs that input any more; -1 for none. The kernel must work either way. */
    public int inPlaceOf(int output) {
        return -1;
    }

    /**
     * The class name, such as {@code softq4j.Gelu$Gradient}, which no native op has. SameDiff asks while the op has no name of its own yet,
     * and makes one of this: the answer then ends with the number of ops in the graph, from which on SameDiff takes the first free number.
     * From 1 on it would try all that are taken, in time quadratic in the number of layers.
     */
    @Override
    public final String opName() {
        String name = "softq4j" + getClass().getName().substring(getClass().getPackageName().length());
        return getOwnName() == null && sameDiff != null ? name + "_" + sameDiff.getOps().size() : name;
    }

    @Override
    public final long opHash() {
        return 0;
    }

    @Override
    public final int getNumOutputs() {
        return outputs;
    }

    @Override
    public final CustomOpDescriptor getDescriptor() {
        return CustomOpDescriptor.builder().numInputs(args().length).numOutputs(outputs).numIArgs(-1).numTArgs(-1).allowsInplace(false)
                .build();
    }

    @Override
    public final List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        return Collections.nCopies(outputs, DataType.FLOAT);
    }

    @Override
    public final Map<String, Object> propertiesForFunction() {
        return new HashMap<>();
    }
}
