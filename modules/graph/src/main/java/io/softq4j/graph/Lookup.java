package io.softq4j.graph;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.shape.Gather;

/**
 * ND4J's {@code gather} along axis 0 with a gradient in which repeated ids add up; in the gradient of ND4J 1.0.0-M2.1 they overwrite each other.
 * Table {@code [V, D]} or {@code [V]}, ids {@code [N]}.
 */
final class Lookup extends Gather {

    Lookup(SameDiff graph, SDVariable table, SDVariable ids) {
        super(graph, table, ids, 0);
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return Arrays.asList(sameDiff.scatterAdd(sameDiff.zerosLike(arg(0)), arg(1), gradients.get(0)), null);
    }
}
