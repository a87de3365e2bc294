package io.softq4j.model;

import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A tiny checkpoint with the names and shapes of Hugging Face's files, written out by hand, with random weights, biases and gains. V 11.
 */
public interface Checkpoint {

    int VOCABULARY = 11;

    /** Those of all families of causal models. */
    static Stream<Checkpoint> all() {
        return Stream.concat(LlamaCheckpoint.ALL.stream(), GptNeoXCheckpoint.ALL.stream());
    }

    /** {@code config.json}. */
    String config();

    /** By name, as the file has them. */
    Map<String, List<Integer>> shapes();

    /** Logits [T][V] of one sequence at positions 0, 1, ..., computed from the papers. */
    double[][] reference(int[] ids);

    /** Random weights: around 1 for gains, else around 0. */
    default Map<String, float[]> weights() {
        Random random = new Random(3);
        Map<String, float[]> weights = new LinkedHashMap<>();
        shapes().forEach((name, shape) -> {
            float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
            boolean gain = name.contains("norm") && name.endsWith("weight");
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (gain ? 1 + 0.3 * random.nextGaussian() : 0.4 * random.nextGaussian());
            }
            weights.put(name, values);
        });
        return weights;
    }

    default Map<String, double[]> exactWeights() {
        Map<String, double[]> exact = new LinkedHashMap<>();
        weights().forEach((name, values) -> {
            double[] row = new double[values.length];
            Arrays.setAll(row, i -> values[i]);
            exact.put(name, row);
        });
        return exact;
    }

    default List<Tensor> tensors() {
        Map<String, float[]> weights = weights();
        return shapes().entrySet().stream().map(e -> new Tensor(e.getKey(), e.getValue(), FloatBuffer.wrap(weights.get(e.getKey()))))
                .toList();
    }

    /** Writes {@code config.json} and {@code model.safetensors}. */
    default void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), config());
        Safetensors.write(directory.resolve("model.safetensors"), tensors());
    }
}
