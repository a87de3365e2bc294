package io.softq4j.model;

import io.softq4j.common.Streams;
import io.softq4j.graph.machine.Memory;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Fresh values; those of one tensor depend on the seed and its name alone.
 *
 * @param seed of all of them
 * @param type of the tensors
 */
record FreshWeights(long seed, DataType type) implements Weights {

    @Override
    public SDVariable declare(SameDiff graph, String name, double mean, double deviation, long... shape) {
        if (deviation == 0) {
            return graph.var(name, Nd4j.valueArrayOf(shape, mean, type));
        }
        SplittableRandom random = random(name);
        return filled(graph, name, () -> (float) (mean + deviation * random.nextGaussian()), shape);
    }

    @Override
    public SDVariable declareUniform(SameDiff graph, String name, double bound, long... shape) {
        SplittableRandom random = random(name);
        return filled(graph, name, () -> (float) random.nextDouble(-bound, bound), shape);
    }

    private SplittableRandom random(String name) {
        return Streams.of("fresh weights of " + name, seed);
    }

    private SDVariable filled(SameDiff graph, String name, DoubleSupplier next, long... shape) {
        INDArray array = Weights.allocate(name, type, shape);
        Memory.fill(array, next);
        return graph.var(name, array);
    }
}
