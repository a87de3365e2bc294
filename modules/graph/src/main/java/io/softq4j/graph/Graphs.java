package io.softq4j.graph;

import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;

/** Makes SameDiff graphs. */
public final class Graphs {

    private Graphs() {
    }

    /**
     * An empty graph. As {@code SameDiff.create()} makes one, it holds a second copy of every variable, for devices that may ask for it:
     * twice the memory for the weights, and once more for each graph they are shared with. This one holds the array it is given and nothing
     * else; change the graph on one thread at a time.
     */
    public static SameDiff create() {
        SameDiff graph = SameDiff.create();
        graph.setVariablesArrays(new SingleThreadArrayHolder());
        return graph;
    }
}
