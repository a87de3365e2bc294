package io.softq4j.model;

import io.softq4j.common.UserError;
import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How a graph that is being built gets its parameters. */
interface Weights {

    /**
     * Adds a parameter to the graph.
     *
     * @param mean      what a fresh one is drawn around
     * @param deviation standard deviation of a fresh one; 0 for a constant
     */
    SDVariable declare(SameDiff graph, String name, double mean, double deviation, long... shape);

    /**
     * Adds a parameter whose fresh values are uniform, where this gives fresh ones; else as {@link #declare}.
     *
     * @param bound fresh values are in [-bound, bound)
     */
    default SDVariable declareUniform(SameDiff graph, String name, double bound, long... shape) {
        return declare(graph, name, 0, bound / Math.sqrt(3), shape);
    }

    /** Fresh values; those of one tensor depend on the seed and its name alone. */
    static Weights fresh(long seed, DataType type) {
        return new FreshWeights(seed, type);
    }

    /** The arrays of another graph, shared, not copied: a change there is seen here. */
    static Weights of(SameDiff source) {
        return (graph, name, mean, deviation, shape) -> graph.var(name, source.getVariable(name).getArr());
    }

    /** Values to be overwritten. */
    static Weights zero(DataType type) {
        return (graph, name, mean, deviation, shape) -> graph.var(name, allocate(name, type, shape));
    }

    /** Names and shapes without values: enough to plan with. */
    static Weights none(DataType type) {
        return (graph, name, mean, deviation, shape) -> graph.placeHolder(name, type, shape);
    }

    /** An array of any values, where its size can be addressed. */
    static INDArray allocate(String name, DataType type, long... shape) {
        long bytes = Arrays.stream(shape).reduce(type.width(), Math::multiplyExact);
        if (bytes > Integer.MAX_VALUE) {
            throw new UserError("tensor " + name + " of shape " + Arrays.toString(shape) + " takes " + bytes + " bytes as " + type
                    + "; one tensor may take at most " + Integer.MAX_VALUE + ". Choose a smaller size.");
        }
        return Nd4j.create(type, shape);
    }
}
