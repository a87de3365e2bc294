package io.softq4j.model;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Fresh parameter values; those of one tensor depend on the seed and its name alone. */
final class Initializer {

    private final long seed;
    private final DataType type;

    Initializer(long seed, DataType type) {
        this.seed = seed;
        this.type = type;
    }

    INDArray normal(String name, double deviation, long... shape) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + crc.getValue());
        INDArray array = Nd4j.createUninitialized(type, shape);
        INDArray flat = array.reshape(array.length());
        for (long i = 0; i < flat.length(); i++) {
            flat.putScalar(i, (float) (deviation * random.nextGaussian()));
        }
        return array;
    }

    INDArray constant(double value, long... shape) {
        return Nd4j.valueArrayOf(shape, value, type);
    }
}
