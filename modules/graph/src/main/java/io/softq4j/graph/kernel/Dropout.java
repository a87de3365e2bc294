package io.softq4j.graph.kernel;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Dropout (Srivastava et al. 2014) as PyTorch's {@code nn.Dropout}: each element of x is kept with probability 1 - rate and then divided by
 * it, else becomes 0. Which are kept is a function of key, site and index alone, {@code graph.cpu.DropoutBits}: no mask is stored, the
 * gradient is the same op, and a value computed again is the same. Inputs x and the key, int32, one element; key 0: y = x.
 */
public final class Dropout extends KernelOp {

    private final double rate;
    private final int site;

    /** Adds the op to {@code graph}. @param rate in (0, 1) @param site a number for each place of the graph that drops */
    public Dropout(SameDiff graph, SDVariable x, SDVariable key, double rate, int site) {
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
    public int inPlaceOf(int output) {
        return 0;
    }

    @Override
    public List<SDVariable> differentiate(List<SDVariable> gradients, boolean[] wanted) {
        return Arrays.asList(new Dropout(sameDiff, gradients.get(0), arg(1), rate, site).outputVariable(), null);
    }
}
