package io.softq4j.graph;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterAdd;
import org.nd4j.linalg.api.ops.impl.shape.Gather;

/**
 * ND4J's {@code gather} along axis 0 with a gradient in which repeated ids add up; in the gradient of ND4J 1.0.0-M2.1 they overwrite each
 * other. Table {@code [V, D]} or {@code [V]}, ids {@code [N]}.
 */
final class Lookup extends Gather {

    /** Without it {@code scatter_add} lets several threads add to one element at once, and loses some of the sums. */
    private static final boolean LOCK = true;

    /** Without it an id beyond the table reads whatever lies there. A negative id is not caught. */
    private static final boolean CHECK_INDICES = true;

    Lookup(SameDiff graph, SDVariable table, SDVariable ids) {
        super(graph, table, ids, 0);
        addBArgument(CHECK_INDICES);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        ScatterAdd sum = new ScatterAdd(sameDiff, sameDiff.zerosLike(arg(0)), arg(1), gradients.get(0));
        sum.addBArgument(LOCK);
        return Arrays.asList(sum.outputVariable(), null);
    }
}
