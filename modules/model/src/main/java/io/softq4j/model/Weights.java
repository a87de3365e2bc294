package io.softq4j.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where a graph that is being built takes its parameter values from. */
interface Weights {

    /**
     * The value of a parameter.
     *
     * @param mean      what a fresh one is drawn around
     * @param deviation standard deviation of a fresh one; 0 for a constant
     */
    INDArray get(String name, double mean, double deviation, long... shape);

    /** Fresh values, normally distributed; those of one tensor depend on the seed and its name alone. */
    static Weights fresh(long seed, DataType type) {
        return (name, mean, deviation, shape) -> {
            if (deviation == 0) {
                return Nd4j.valueArrayOf(shape, mean, type);
            }
            CRC32 crc = new CRC32();
            crc.update(name.getBytes(StandardCharsets.UTF_8));
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + crc.getValue());
            int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (mean + deviation * random.nextGaussian());
            }
            return Nd4j.createFromArray(values).reshape(shape).castTo(type);
        };
    }

    /** The arrays of another graph, shared, not copied: a change there is seen here. */
    static Weights of(SameDiff graph) {
        return (name, mean, deviation, shape) -> graph.getVariable(name).getArr();
    }

    /** Values to be overwritten. */
    static Weights zero(DataType type) {
        return (name, mean, deviation, shape) -> Nd4j.create(type, shape);
    }
}
