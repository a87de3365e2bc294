package io.softq4j.model;

import io.softq4j.common.UserError;
import io.softq4j.graph.kernel.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
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

    /** Fresh values, normally distributed; those of one tensor depend on the seed and its name alone. */
    static Weights fresh(long seed, DataType type) {
        return (graph, name, mean, deviation, shape) -> {
            if (deviation == 0) {
                return graph.var(name, Nd4j.valueArrayOf(shape, mean, type));
            }
            CRC32 crc = new CRC32();
            crc.update(name.getBytes(StandardCharsets.UTF_8));
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + crc.getValue());
            INDArray array = allocate(name, type, shape);
            Memory.fill(array, () -> (float) (mean + deviation * random.nextGaussian()));
            return graph.var(name, array);
        };
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

    private static INDArray allocate(String name, DataType type, long... shape) {
        long bytes = Arrays.stream(shape).reduce(type.width(), Math::multiplyExact);
        if (bytes > Integer.MAX_VALUE) {
            throw new UserError("tensor " + name + " of shape " + Arrays.toString(shape) + " takes " + bytes + " bytes as " + type
                    + "; one tensor may take at most " + Integer.MAX_VALUE + ". Choose a model with a smaller vocabulary or width.");
        }
        return Nd4j.create(type, shape);
    }
}
