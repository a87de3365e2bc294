package io.softq4j.training;

import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Tensor;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes what makes a directory with {@code model.safetensors} a Hugging Face model: {@code config.json}, {@code tokenizer.json} and their like. */
@FunctionalInterface
public interface ModelFiles {

    /** Writes the files into an existing {@code directory}. */
    void write(Path directory) throws IOException;

    /** Writes the finished model into an empty {@code directory}, weights and files: here float32 in one file. */
    default void writeModel(Path directory, List<Tensor> weights) throws IOException {
        write(directory);
        WeightFiles.writeInto(directory, weights, Long.MAX_VALUE, DType.F32);
    }
}
