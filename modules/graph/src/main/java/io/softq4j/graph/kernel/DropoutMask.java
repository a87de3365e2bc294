package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * What {@link Dropout} multiplies by, as an array: for graphs of standard ops. Inputs x of any type, for its shape alone, and the key,
 * int32, one element; output float32. Without gradient.
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

    /** Of elements that are dropped, in (0, 1). */
    public double rate() {
        return rate;
    }

    /** The number of the place that drops. */
    public int site() {
        return site;
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(inputs.get(0));
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return Arrays.asList(null, null);
    }
}
